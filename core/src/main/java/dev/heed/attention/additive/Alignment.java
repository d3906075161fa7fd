package dev.heed.attention.additive;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Where queries look in a source, and what they read there: {@code context = weights · values}.
 *
 * @param weights {@code [B, Tq, S]}
 * @param context {@code [B, Tq, value size]}
 */
public record Alignment(Tensor weights, Tensor context) {
  /** Far below any score, and a finite number, so that an empty row has no NaN. */
  private static final double FORBIDDEN = -1e30;

  static Alignment of(Tensor weights, Tensor values) {
    return new Alignment(weights, weights.matmul(values));
  }

  /**
   * The softmax over the keys that a query may look at; zeros where there are none.
   *
   * @param scores {@code [B, Tq, S]}
   * @param allowed of a shape that broadcasts to the scores', or null for all
   */
  static Tensor softmax(Tensor scores, @Nullable Tensor allowed) {
    if (allowed == null) {
      return scores.softmax(-1);
    }
    return TensorScope.run(() ->
        scores.maskedFill(allowed.not(), FORBIDDEN).softmax(-1).mul(allowed.to(scores.dtype())));
  }

  /**
   * The mask {@code [B, 1, size]} of the positions before each length.
   *
   * @param lengths i64 {@code [B]}
   */
  public static Tensor within(Tensor lengths, long size) {
    return TensorScope.run(() -> Tensor.arange(size, DType.I64).lt(lengths.reshape(-1, 1, 1)));
  }
}
