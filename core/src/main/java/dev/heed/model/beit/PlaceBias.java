package dev.heed.model.beit;

import dev.heed.attention.position.Grid;
import dev.heed.attention.score.GridBias;
import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Interpolation;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * Biases by the places of two patches, with a class token in front; those of a grid other than the
 * trained one are interpolated.
 */
final class PlaceBias extends Module {
  /** Rows of the class token behind those of differences. */
  private static final int OF_CLASS_TOKEN = 3;

  private final Tensor table;
  private final Grid trained;

  PlaceBias(Weights weights, Grid trained, int heads) {
    super(weights);
    this.trained = trained;
    this.table =
        weights.parameter(
            "relative_position_bias_table",
            Initializer.ZEROS,
            trained.offsets() + (long) OF_CLASS_TOKEN,
            heads);
    // Old files keep which row a pair reads.
    weights.ignore("relative_position_index");
  }

  /** {@code [1, heads, 1 + patches, 1 + patches]}. */
  Tensor over(Grid grid) {
    return TensorScope.run(() -> GridBias.writtenWithClassToken(resized(grid), grid));
  }

  private Tensor resized(Grid grid) {
    if (grid.equals(trained) && grid.height() == grid.width()) {
      return table;
    }
    int rows = trained.offsets();
    // The reference takes columns for rows here, which matters only where a grid is no square.
    Tensor differences =
        table
            .narrow(0, 0, rows)
            .reshape(1, 2L * trained.width() - 1, 2L * trained.height() - 1, table.size(1))
            .permute(0, 3, 1, 2);
    Tensor resized =
        Interpolation.bilinear(differences, 2L * grid.height() - 1, 2L * grid.width() - 1, false)
            .permute(0, 2, 3, 1)
            .flatten(0, 2);
    return Tensor.cat(List.of(resized, table.narrow(0, rows, OF_CLASS_TOKEN)), 0);
  }
}
