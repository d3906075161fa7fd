package dev.heed.attention;

import dev.heed.attention.position.DisentangledPositions;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Attention whose heads mix their scores before the softmax and their weights after it: {@code
 * weights = W_w · softmax(W_l · scores)} over the heads (Shazeer et al. 2020, section 4).
 *
 * <p>Its weights are those after the mixing.
 *
 * @param positions what distances add to the scores, or null for nothing
 * @param scale of the scores
 * @param logits W_l {@code [H, H]}
 * @param weights W_w {@code [H, H]}
 * @param dropout of weights before they are mixed, while training
 */
public record TalkingHeads(
    @Nullable DisentangledPositions positions,
    double scale,
    Linear logits,
    Linear weights,
    Dropout dropout)
    implements AttentionMechanism {
  @Override
  public AttentionOutput apply(Tensor q, Tensor k, Tensor v, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor keys = ScaledDotProduct.perQueryHead(k, q);
      Tensor scores = q.matmul(keys.transpose(-2, -1));
      if (positions != null) {
        scores = scores.add(positions.scores(q, keys, request.trace()));
      }
      Tensor talked = mixed(scores.mul(scale), logits);
      Tensor softmax = WrittenAttention.weights(talked, request);
      Tensor read = mixed(dropout.apply(softmax, request.trace()), weights);
      Tensor values = ScaledDotProduct.perQueryHead(v, q);
      Tensor sums = WrittenAttention.product(read, values, request, (rows, x) -> rows.matmul(x));
      return new AttentionOutput(sums, read);
    });
  }

  /** A map over the heads of {@code [B, H, Tq, Tk]}. */
  private static Tensor mixed(Tensor x, Linear map) {
    return map.apply(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2);
  }
}
