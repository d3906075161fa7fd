package dev.heed.mixer.memory;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.position.RelativeShift;
import dev.heed.nn.Initializer;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Self-attention over a memory and a segment with relative positions: {@code score(i, j) = ((q_i +
 * u) · k_j + (q_i + v) · W_r r_{i-j}) / √d} (Dai et al. 2019, section 3.3), causal.
 */
public final class RelativeMemoryAttention extends Module {
  private final int heads;
  private final int headSize;
  private final Linear qkv;
  private final Linear out;
  private final Linear positions;
  private final Tensor contentBias;
  private final Tensor positionBias;

  /**
   * With parameters {@code qkv_net.weight}, {@code r_net.weight} and {@code o_net.weight} below
   * {@code weights}.
   *
   * @param biases where {@code r_w_bias} (u) and {@code r_r_bias} (v), each {@code [H, head size]},
   *     stand
   */
  public RelativeMemoryAttention(
      Weights weights, Weights biases, int size, int heads, int headSize) {
    super(weights);
    this.heads = heads;
    this.headSize = headSize;
    long inner = (long) heads * headSize;
    this.qkv = Linear.of(weights.child("qkv_net"), size, 3 * inner, false);
    this.positions = Linear.of(weights.child("r_net"), size, inner, false);
    this.out = Linear.of(weights.child("o_net"), inner, size, false);
    Initializer normal = Initializer.normal(0.02);
    this.contentBias = biases.parameter("r_w_bias", normal, heads, headSize);
    this.positionBias = biases.parameter("r_r_bias", normal, heads, headSize);
  }

  /**
   * Attends.
   *
   * @param x the segment, {@code [B, T, size]}
   * @param memory what came before it, {@code [B, M, size]}, M may be 0
   * @param distances as {@link TransformerXlAttention#distances} gives for length {@code M + T}
   * @return output {@code [B, T, size]}, weights {@code [B, H, T, M + T]}
   */
  public AttentionOutput apply(Tensor x, Tensor memory, Tensor distances) {
    return TensorScope.run(() -> {
      Tensor seen = Tensor.cat(List.of(memory, x), 1);
      List<Tensor> parts = qkv.apply(seen).chunk(3, -1);
      Tensor q = heads(parts.get(0).narrow(1, memory.size(1), x.size(1)));
      Tensor k = heads(parts.get(1));
      Tensor r = heads(positions.apply(distances).unsqueeze(0));
      Tensor byContent = q.add(contentBias.unsqueeze(1)).matmul(k.transpose(-2, -1));
      Tensor byDistance = q.add(positionBias.unsqueeze(1)).matmul(r.transpose(-2, -1));
      Tensor scores = byContent.add(RelativeShift.apply(byDistance)).div(Math.sqrt(headSize));
      Tensor weights = LaterKeys.hidden(scores).softmax(-1);
      Tensor read = weights.matmul(heads(parts.get(2)));
      return new AttentionOutput(out.apply(read.transpose(1, 2).flatten(2, 3)), weights);
    });
  }

  /** {@code [B, T, H·D]} to {@code [B, H, T, D]}. */
  private Tensor heads(Tensor x) {
    return x.unflatten(-1, heads, headSize).transpose(1, 2);
  }
}
