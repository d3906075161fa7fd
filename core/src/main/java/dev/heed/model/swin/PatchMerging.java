package dev.heed.model.swin;

import dev.heed.model.block.GridTokens;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Makes one place of two by two: joins their vectors and maps them to twice the size (Liu et al.
 * 2021, section 3.1). An odd row or column is filled with zeros.
 */
final class PatchMerging extends Module {
  private static final double EPSILON = 1e-5;

  private final Linear reduction;
  private final LayerNorm norm;
  private final boolean normFirst;

  /**
   * Of vectors of a size.
   *
   * @param normFirst whether the joined vectors are normalised, not the mapped ones
   */
  PatchMerging(Weights weights, long size, boolean normFirst) {
    super(weights);
    this.reduction = Linear.of(weights.child("reduction"), 4 * size, 2 * size, false);
    this.norm = new LayerNorm(weights.child("norm"), normFirst ? 4 * size : 2 * size, EPSILON);
    this.normFirst = normFirst;
  }

  GridTokens apply(GridTokens x) {
    return GridTokens.of(
        TensorScope.run(() -> {
          Tensor rows = x.tokens().unflatten(1, x.grid().height(), x.grid().width());
          Tensor even = rows.pad(0, 0, 0, 0, x.grid().width() % 2, 0, x.grid().height() % 2);
          Tensor joined =
              Tensor.cat(
                  List.of(part(even, 0, 0), part(even, 1, 0), part(even, 0, 1), part(even, 1, 1)),
                  -1);
          Tensor merged =
              normFirst ? reduction.apply(norm.apply(joined)) : norm.apply(reduction.apply(joined));
          return merged.permute(0, 3, 1, 2);
        }));
  }

  /** Every other row and column of {@code [B, rows, columns, size]}. */
  private static Tensor part(Tensor x, int row, int column) {
    return x.slice(1, row, x.size(1), 2).slice(2, column, x.size(2), 2);
  }
}
