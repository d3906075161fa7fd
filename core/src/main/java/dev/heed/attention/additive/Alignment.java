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
    return allowed == null ? scores.softmax(-1) : scores.maskedSoftmax(allowed, -1);
  }

  /**
   * Values with zeros at the keys that no query may look at, whatever stands there.
   *
   * @param values {@code [B, S, value size]}
   * @param allowed {@code [B, Tq or 1, S]}, or null for all
   */
  static Tensor known(Tensor values, @Nullable Tensor allowed) {
    return allowed == null
        ? values
        : TensorScope.run(
            () -> values.maskedFill(allowed.any(-2, true).transpose(-2, -1).not(), 0));
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
