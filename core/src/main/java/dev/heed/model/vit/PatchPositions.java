package dev.heed.model.vit;

import dev.heed.model.Run;
import dev.heed.tensor.Interpolation;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/** Learned positions of patches, resized to the grid of an image of another size. */
public final class PatchPositions {
  private PatchPositions() {}

  /** Resizes {@code [1, size, rows, columns]} to a grid. */
  @FunctionalInterface
  public interface Resizing {
    /** Resizes. */
    Tensor apply(Tensor grid, ImageSize wanted);
  }

  /** To a size. */
  public static final Resizing BY_SIZE =
      (grid, wanted) -> Interpolation.bicubic(grid, wanted.height(), wanted.width(), false);

  /** To a size, over an area where it shrinks. */
  public static final Resizing ANTIALIASED =
      (grid, wanted) -> Interpolation.bicubicAntialiased(grid, wanted.height(), wanted.width());

  /**
   * By the factor {@code (wanted + 0.1) / trained}, which moves what is read by a little: what the
   * reference did before it resized to a size, and what these checkpoints were used with.
   */
  public static final Resizing BY_FACTOR =
      (grid, wanted) ->
          Interpolation.bicubicByScale(
              grid, (wanted.height() + 0.1) / grid.size(2), (wanted.width() + 0.1) / grid.size(3));

  /**
   * Checks that a call's images have the size trained on, unless it asks for {@code
   * interpolate_pos_encoding}.
   *
   * @param image pixels
   * @throws ShapeException otherwise
   */
  public static void requireSize(Run run, ImageSize image) {
    Tensor images = run.input().require("pixel_values");
    if (!run.input().flag("interpolate_pos_encoding", false)
        && (images.size(-2) != image.height() || images.size(-1) != image.width())) {
      throw new ShapeException(
          "pixel_values: expected "
              + image.height()
              + " by "
              + image.width()
              + " pixels, got "
              + images.size(-2)
              + " by "
              + images.size(-1)
              + "; resize the image, or ask for interpolate_pos_encoding");
    }
  }

  /**
   * The table for a grid.
   *
   * @param table {@code [1, special + rows · columns, size]}: first those of special tokens, which
   *     stay as they are
   * @param special how many there are
   * @param trained the table's grid
   * @param wanted an image's grid
   */
  public static Tensor resized(
      Tensor table, int special, ImageSize trained, ImageSize wanted, Resizing resizing) {
    if (trained.equals(wanted)) {
      return table;
    }
    return TensorScope.run(() -> {
      Tensor grid =
          table
              .narrow(1, special, trained.count())
              .unflatten(1, trained.height(), trained.width())
              .permute(0, 3, 1, 2);
      Tensor resized = resizing.apply(grid, wanted).permute(0, 2, 3, 1).flatten(1, 2);
      return Tensor.cat(List.of(table.narrow(1, 0, special), resized), 1);
    });
  }
}
