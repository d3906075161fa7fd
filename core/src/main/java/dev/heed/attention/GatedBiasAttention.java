package dev.heed.attention;

import dev.heed.attention.score.BucketBias;
import dev.heed.attention.score.GatedBias;
import dev.heed.attention.score.RelativeBuckets;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Self-attention with a gated bias of distances: {@code score + g · d[bucket(key - query)]} with
 * {@code g = a · (b · c - 1) + 2}, where a and b are sigmoids of maps of the query's own state and
 * c is learned for each head (Chi et al. 2022, "XLM-E", section 3.4; Chen et al. 2022, "WavLM",
 * section 3.1, whose maps are sums of four).
 *
 * <p>Layers may share the table d: it belongs to the path that makes it.
 */
public final class GatedBiasAttention extends Module implements ModifiedAttention {
  private static final int SUMMED = 4;

  private final SequenceMixer mixer;
  private final MultiHeadAttention attention;
  private final RelativeBuckets buckets;
  private final Tensor table;
  private final Linear gates;
  private final Tensor constant;

  /**
   * With parameters {@code gru_rel_pos_linear} and {@code gru_rel_pos_const [1, H, 1, 1]} below
   * {@code weights}.
   *
   * @param attention whose heads lie side by side in the tokens that it gets
   * @param buckets of distances
   * @param table d, {@code [buckets, H]}
   */
  public GatedBiasAttention(
      Weights weights, MultiHeadAttention attention, RelativeBuckets buckets, Tensor table) {
    super(weights);
    this.mixer = attention;
    this.attention = attention;
    this.buckets = buckets;
    this.table = table;
    this.gates = Linear.of(weights.child("gru_rel_pos_linear"), attention.headSize(), 2L * SUMMED);
    this.constant =
        weights.parameter("gru_rel_pos_const", Initializer.ONES, 1, attention.heads(), 1, 1);
  }

  private GatedBiasAttention(GatedBiasAttention other, SequenceMixer mixer) {
    super(other);
    this.mixer = mixer;
    this.attention = other.attention;
    this.buckets = other.buckets;
    this.table = other.table;
    this.gates = other.gates;
    this.constant = other.constant;
  }

  @Override
  public MultiHeadAttention attention() {
    return attention;
  }

  @Override
  public GatedBiasAttention around(SequenceMixer other) {
    return new GatedBiasAttention(this, other);
  }

  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    return TensorScope.run(() -> {
      long past = request.at(attention.tracePath()).past();
      ScoreModifier own =
          new GatedBias(new BucketBias(buckets, table), gate(x), Math.toIntExact(past + x.size(1)));
      ScoreModifier given = request.modifier();
      return mixer.apply(x, request.withModifier(given == null ? own : own.then(given)));
    });
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, 1]}. */
  private Tensor gate(Tensor x) {
    Tensor heads = x.unflatten(-1, attention.heads(), attention.headSize()).transpose(1, 2);
    Tensor sums = gates.apply(heads).unflatten(-1, 2, SUMMED).sum(-1, false); // [B, H, T, 2]
    List<Tensor> open = sums.sigmoid().chunk(2, -1);
    return open.get(0).mul(open.get(1).mul(constant).sub(1)).add(2);
  }
}
