package dev.heed.attention;

import dev.heed.attention.position.Grid;
import dev.heed.attention.position.TokenGrids;
import dev.heed.nn.Conv2d;
import dev.heed.nn.Module;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * Attention of an image's places to a coarser image: {@code attention(x, r, r)} with {@code r =
 * norm(conv(x))}, a convolution whose stride is its kernel, so that keys and values are R² times
 * fewer (Wang et al. 2021, "Pyramid Vision Transformer", section 3.3, equation 4; the convolution
 * is that of its authors' code).
 *
 * <p>Weights are {@code [B, H, places, places / R²]}: keys are cells of R by R places.
 */
public final class SpatialReductionAttention extends Module implements SequenceMixer {
  private final MultiHeadAttention attention;
  private final Conv2d reduction;
  private final Norm norm;

  /**
   * Attention to fewer keys.
   *
   * @param attention with separate projections
   * @param reduction of a map {@code [B, size, rows, columns]}
   * @param norm of reduced places
   */
  public SpatialReductionAttention(
      Weights weights, MultiHeadAttention attention, Conv2d reduction, Norm norm) {
    super(weights);
    this.attention = attention;
    this.reduction = reduction;
    this.norm = norm;
  }

  /**
   * Attention of every place to the places of the coarser grid.
   *
   * @param x {@code [B, places, size]}, row by row
   * @param request over the image's grid; a mask has reduced places for keys
   * @throws ShapeException if there are other than the grid's places
   */
  @Override
  public AttentionOutput apply(Tensor x, AttentionRequest request) {
    Grid grid = request.requireGrid();
    if (x.size(1) != grid.places()) {
      throw new ShapeException(
          path()
              + ": expected [B, "
              + grid.places()
              + ", size] of "
              + grid
              + ", got "
              + x.describe());
    }
    return TensorScope.run(() -> {
      Tensor map = x.transpose(1, 2).unflatten(2, grid.height(), grid.width());
      Tensor coarse = reduction.apply(map);
      Tensor reduced = norm.apply(coarse.flatten(2, 3).transpose(1, 2));
      Grid keys = new Grid(Math.toIntExact(coarse.size(2)), Math.toIntExact(coarse.size(3)));
      request.at(tracePath()).place(new TokenGrids(grid, keys, 0));
      return attention.apply(x, reduced, reduced, request.withGrid(null));
    });
  }
}
