package dev.heed.model;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;

/** Bounds of where tokens may stand. */
public final class Places {
  private Places() {}

  /**
   * Positions, for a table of so many.
   *
   * @param positions i64 of any shape
   * @param longest how many positions there are
   * @return {@code positions}
   * @throws ShapeException for a position beyond them
   */
  public static Tensor within(Tensor positions, long longest) {
    if (positions.elements() > 0 && positions.max().itemLong() >= longest) {
      throw new ShapeException(
          "text: expected at most "
              + longest
              + " tokens, got a position of "
              + positions.max().itemLong()
              + "; cut it first");
    }
    return positions;
  }
}
