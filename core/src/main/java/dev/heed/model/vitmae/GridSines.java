package dev.heed.model.vitmae;

import dev.heed.attention.position.SinusoidalPositions;
import dev.heed.model.vit.ImageSize;
import dev.heed.nn.Initializer;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import java.util.List;

/** Fixed positions on a grid: sines of the column, then of the row, zeros for the class token. */
final class GridSines {
  private GridSines() {}

  /** A table {@code [1, 1 + rows · columns, size]}. */
  static Initializer of(ImageSize grid, long size) {
    return (shape, type, random) -> {
      Tensor cells = Tensor.arange(grid.count(), DType.I64);
      Tensor rows = cells.floorDiv(grid.width());
      Tensor columns = cells.sub(rows.mul(grid.width()));
      Tensor table =
          Tensor.cat(
              List.of(
                  SinusoidalPositions.MARIAN.at(columns, size / 2, type),
                  SinusoidalPositions.MARIAN.at(rows, size / 2, type)),
              -1);
      return table.pad(0, 0, 0, 1, 0).unsqueeze(0);
    };
  }
}
