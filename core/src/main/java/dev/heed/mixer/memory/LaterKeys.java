package dev.heed.mixer.memory;

import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;

/** Keys after a query, where the last query stands beside the last key. */
final class LaterKeys {
  private LaterKeys() {}

  /**
   * Hides them.
   *
   * @param scores {@code [..., queries, keys]}, at least as many keys as queries
   * @return the scores, {@code -∞} where the key comes after the query
   */
  static Tensor hidden(Tensor scores) {
    long queries = scores.size(-2);
    long keys = scores.size(-1);
    Tensor later =
        Tensor.ones(Shape.of(queries, keys), DType.F32)
            .triu(Math.toIntExact(keys - queries + 1))
            .to(DType.BOOL);
    return scores.maskedFill(later, Double.NEGATIVE_INFINITY);
  }
}
