package dev.heed.attention;

import dev.heed.attention.kernel.BrokenKeys;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.AttentionSizes;
import dev.heed.nn.Dropout;
import dev.heed.tensor.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
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
    return read(scores, v, request, dropout, null);
  }

  /** The same where sinks {@code [H]} take a share of each row's softmax, or null. */
  static AttentionOutput read(
      Tensor scores, Tensor v, AttentionRequest request, Dropout dropout, @Nullable Tensor sinks) {
    Tensor weights = weights(scores, request, sinks);
    Tensor dropped = dropout.apply(weights, request.trace());
    return new AttentionOutput(
        product(dropped.to(v.dtype()), v, request, (rows, values) -> rows.matmul(values)), weights);
  }

  /**
   * A product of rows of queries, or of weights, with keys or values that does not turn into NaN
   * where the mask hides one that is not finite.
   *
   * @param rows {@code [B, H, Tq, ·]}
   * @param keys {@code [B, H, Tk, D]}
   */
  static Tensor product(
      Tensor rows, Tensor keys, AttentionRequest request, BinaryOperator<Tensor> body) {
    AttentionMask mask = request.mask();
    BrokenKeys broken =
        mask == null
            ? null
            : BrokenKeys.find(keys, keys, mask, (int) rows.size(1), (int) rows.size(2));
    return broken == null ? body.apply(rows, keys) : broken.apart(rows, keys, body);
  }

  /** The weights of {@link #read}; rows without keys are zeros. */
  public static Tensor weights(Tensor scores, AttentionRequest request) {
    return weights(scores, request, null);
  }

  private static Tensor weights(Tensor scores, AttentionRequest request, @Nullable Tensor sinks) {
    if (request.modifier() != null) {
      request.modifier().requireFit(AttentionSizes.of(scores.shape()));
    }
    Tensor changed = request.modifier() == null ? scores : request.modifier().modify(scores);
    Tensor visited = request.visit("scores", changed);
    AttentionMask mask = request.mask();
    if (sinks != null) {
      return request.visit("pattern", besideSinks(masked(visited, mask), sinks));
    }
    if (mask == null && request.modifier() == null) {
      return request.visit("pattern", visited.softmax(-1));
    }
    return request.visit("pattern", maskedSoftmax(masked(visited, mask)));
  }

  /** The softmax of each row and its head's sink, without the sink. */
  private static Tensor besideSinks(Tensor scores, Tensor sinks) {
    Tensor each =
        sinks
            .to(scores.dtype())
            .reshape(1, sinks.size(0), 1, 1)
            .expand(scores.size(0), scores.size(1), scores.size(2), 1);
    return Tensor.cat(List.of(scores, each), -1).softmax(-1).narrow(-1, 0, scores.size(-1));
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
