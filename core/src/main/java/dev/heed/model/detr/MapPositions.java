package dev.heed.model.detr;

import dev.heed.nn.Embedding;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/** Where the cells of a map stand: {@code [B, cells, H]}, rows first, then columns. */
@FunctionalInterface
interface MapPositions {
  /** Rows and columns that a learned table has. */
  int LEARNED = 50;

  /**
   * The positions.
   *
   * @param keep bool {@code [B, rows, columns]}, false at padding
   */
  Tensor apply(Tensor keep, DType dtype);

  /** Sines of the share of the image's height and width, from 0 to 2π. */
  static MapPositions sines(long size) {
    return (keep, dtype) ->
        TensorScope.run(() -> {
          Tensor real = keep.to(DType.F64);
          Tensor rows = share(real.cumsum(1), 1);
          Tensor columns = share(real.cumsum(2), 2);
          Tensor all = Tensor.cat(List.of(sines(rows, size / 2), sines(columns, size / 2)), -1);
          return all.flatten(1, 2).to(dtype);
        });
  }

  private static Tensor share(Tensor counted, int dim) {
    Tensor last = counted.narrow(dim, counted.size(dim) - 1, 1);
    return counted.div(last.add(1e-6)).mul(2 * Math.PI);
  }

  /** {@code sin, cos, sin, cos, …} of numbers that need not be whole. */
  private static Tensor sines(Tensor places, long size) {
    Tensor steps = Tensor.arange(size / 2, DType.F64).mul(-2.0 / size * Math.log(10_000)).exp();
    Tensor angles = places.unsqueeze(-1).mul(steps);
    return Tensor.stack(List.of(angles.sin(), angles.cos()), -1).flatten(-2, -1);
  }

  /** A learned vector for each column, then one for each row. */
  static MapPositions learned(Weights weights, long size) {
    Embedding rows = new Embedding(weights.child("row_embeddings"), LEARNED, size / 2, -1);
    Embedding columns = new Embedding(weights.child("column_embeddings"), LEARNED, size / 2, -1);
    return (keep, dtype) -> {
      long height = keep.size(1);
      long width = keep.size(2);
      Tensor x = columns.apply(Tensor.arange(width, DType.I64)).unsqueeze(0);
      Tensor y = rows.apply(Tensor.arange(height, DType.I64)).unsqueeze(1);
      Tensor both =
          Tensor.cat(
              List.of(x.expand(height, width, size / 2), y.expand(height, width, size / 2)), -1);
      return both.flatten(0, 1).unsqueeze(0);
    };
  }
}
