package dev.heed.model.tp;

import dev.heed.model.tp.TpConfig.TargetPadding;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/**
 * Which targets see which in the decoder.
 *
 * @param mayAttend bool, broadcasts to {@code [B, heads, T, T]}
 * @param alike queries that see alike what they see, {@code [B, 1, T, 1]}, or null for none
 */
public record TargetMask(Tensor mayAttend, @Nullable Tensor alike) {
  /**
   * Each target sees itself and what is before it.
   *
   * @param target ids {@code [B, T]}
   * @param padding the id that is no token
   */
  public static TargetMask of(Tensor target, long padding, TargetPadding hidden) {
    return TensorScope.run(() -> {
      long length = target.size(1);
      Tensor past = Tensor.ones(Shape.of(length, length), DType.BOOL).tril(0);
      Tensor padded = target.eq(padding).unsqueeze(1);
      if (hidden == TargetPadding.KEYS) {
        return new TargetMask(padded.not().unsqueeze(1).and(past), null);
      }
      Tensor queries = padded.unsqueeze(-1);
      return new TargetMask(queries.or(past), queries);
    });
  }
}
