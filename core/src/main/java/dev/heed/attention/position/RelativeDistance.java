package dev.heed.attention.position;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** The distance from each query to each key. */
final class RelativeDistance {
  private RelativeDistance() {}

  /**
   * {@code key - query} as i64 {@code [Tq, Tk]}; the last query stands beside the last key.
   *
   * @param queries Tq
   * @param keys Tk
   */
  static Tensor of(long queries, long keys) {
    return TensorScope.run(() -> {
      Tensor query = Tensor.arange(queries, DType.I64).add((double) keys - queries);
      return Tensor.arange(keys, DType.I64).unsqueeze(0).sub(query.unsqueeze(1));
    });
  }

  /** Rows of a table for each pair: {@code [Tq, Tk, size]} from i64 indices {@code [Tq, Tk]}. */
  static Tensor rows(Tensor table, Tensor indices) {
    return table.embedding(indices, -1);
  }
}
