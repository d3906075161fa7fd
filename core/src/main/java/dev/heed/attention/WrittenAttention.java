package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Dropout;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Attention whose scores and weights are written down, for those who look at them: the second half,
 * from scores to output.
 */
public final class WrittenAttention {
  private WrittenAttention() {}

  /**
   * Changes and masks scores, takes the softmax and reads the values.
   *
   * @param scores {@code [B, H, Tq, Tk]}, scaled
   * @param v {@code [B, H, Tk, Dv]}
   * @param request its trace's points are {@code scores} (changed, unmasked) and {@code pattern}
   * @return output and weights, owned by the current scope
   */
  public static AttentionOutput read(
      Tensor scores, Tensor v, AttentionRequest request, Dropout dropout) {
    Tensor weights = weights(scores, request);
    Tensor dropped = dropout.apply(weights, request.trace());
    return new AttentionOutput(dropped.matmul(v), weights);
  }

  /** The weights of {@link #read}; rows without keys are zeros. */
  public static Tensor weights(Tensor scores, AttentionRequest request) {
    Tensor changed = request.modifier() == null ? scores : request.modifier().modify(scores);
    Tensor visited = request.visit("scores", changed);
    AttentionMask mask = request.mask();
    if (mask == null && request.modifier() == null) {
      return request.visit("pattern", visited.softmax(-1));
    }
    return request.visit("pattern", maskedSoftmax(masked(visited, mask)));
  }

  private static Tensor masked(Tensor scores, @Nullable AttentionMask mask) {
    if (mask == null) {
      return scores;
    }
    Tensor allowed =
        mask.toTensor(
            (int) scores.size(0), (int) scores.size(1), (int) scores.size(2), (int) scores.size(3));
    return scores.maskedFill(allowed.not(), Double.NEGATIVE_INFINITY);
  }

  /** A row of minus infinity becomes zeros, and no gradient of it is NaN. */
  private static Tensor maskedSoftmax(Tensor scores) {
    if (scores.size(-1) == 0) {
      return scores;
    }
    Tensor empty = scores.detach().amax(-1, true).eq(Double.NEGATIVE_INFINITY);
    return scores.maskedFill(empty, 0).softmax(-1).maskedFill(empty, 0);
  }
}
