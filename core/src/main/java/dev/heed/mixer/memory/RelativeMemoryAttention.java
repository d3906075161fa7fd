package dev.heed.mixer.memory;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.RelativeSinusoids;
import dev.heed.attention.position.RelativeSinusoids.Distances;
import dev.heed.nn.Dropout;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * Self-attention over a memory and a segment with relative positions: {@code score(i, j) = ((q_i +
 * u) · k_j + (q_i + v) · W_r r_{i-j}) / √d} (Dai et al. 2019, section 3.3).
 */
public final class RelativeMemoryAttention extends Module {
  private final MultiHeadAttention attention;

  /**
   * The sizes and choices.
   *
   * @param size of the hidden states
   * @param heads how many
   * @param head of each head
   * @param distances what stands for a distance
   * @param dropout of weights while training
   */
  public record Kind(int size, int heads, int head, Distances distances, Dropout dropout) {
    /** Transformer-XL's distances, without dropout. */
    public Kind(int size, int heads, int head) {
      this(size, heads, head, Distances.TRANSFORMER_XL, new Dropout(0));
    }
  }

  /**
   * With parameters {@code qkv_net.weight}, {@code r_net.weight} and {@code o_net.weight} below
   * {@code weights}.
   *
   * @param biases where {@code r_w_bias} (u) and {@code r_r_bias} (v), each {@code [H, head size]},
   *     stand
   */
  public RelativeMemoryAttention(Weights weights, Weights biases, Kind kind) {
    super(weights);
    int size = kind.size();
    int heads = kind.heads();
    int head = kind.head();
    long inner = (long) heads * head;
    Initializer normal = Initializer.normal(0.02);
    RelativeSinusoids positions =
        new RelativeSinusoids(
            Linear.of(weights.child("r_net"), size, inner, false),
            biases.parameter("r_w_bias", normal, heads, head),
            biases.parameter("r_r_bias", normal, heads, head),
            kind.distances());
    this.attention =
        new MultiHeadAttention(
            weights,
            new HeadProjections.Fused(
                Linear.of(weights.child("qkv_net"), size, 3 * inner, false),
                Layout.BLOCKS,
                heads,
                Linear.of(weights.child("o_net"), inner, size, false)),
            heads,
            List.of(),
            RelativeAttention.of(positions, Double.NaN, kind.dropout()));
  }

  /** What attends. */
  public MultiHeadAttention attention() {
    return attention;
  }

  /**
   * Attends, each step to those before it.
   *
   * @param x the segment, {@code [B, T, size]}
   * @param memory what came before it, {@code [B, M, size]}, M may be 0
   * @return output {@code [B, T, size]}, weights {@code [B, H, T, M + T]}
   */
  public AttentionOutput apply(Tensor x, Tensor memory) {
    return apply(x, memory, Trace.NONE);
  }

  /** The same, traced as {@link MultiHeadAttention} is. */
  public AttentionOutput apply(Tensor x, Tensor memory, Trace trace) {
    return attention.behind(
        memory, x, AttentionRequest.of(AttentionMask.causal(), trace).withWeights());
  }
}
