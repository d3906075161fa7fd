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

  /**
   * One of each query's values for each key: {@code y[b, h, i, j] = x[b, h, i, index[i, j]]}.
   *
   * @param x {@code [B, H, Tq, n]}
   * @param index i64 {@code [Tq, Tk]}
   */
  static Tensor pick(Tensor x, Tensor index) {
    return x.gather(
        -1,
        index.unsqueeze(0).unsqueeze(0).expand(x.size(0), x.size(1), index.size(0), index.size(1)));
  }
}
