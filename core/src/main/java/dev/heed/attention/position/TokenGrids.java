package dev.heed.attention.position;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;

/**
 * Where the tokens of attention over an image stand: what a trace's {@code grid} points hold.
 * Tokens in front of the places and {@code behind} them have none.
 *
 * @param queries rows and columns of the queries
 * @param keys rows and columns of the keys, which may be a coarser image's
 * @param behind how many tokens stand behind the places
 */
public record TokenGrids(Grid queries, Grid keys, int behind) {
  private static final int NUMBERS = 5;

  /** As the value of a trace's point, i64 {@code [5]}. */
  public Tensor asTensor() {
    return Tensor.of(
        new long[] {queries.height(), queries.width(), keys.height(), keys.width(), behind},
        NUMBERS);
  }

  /**
   * From the value of a trace's point.
   *
   * @throws ShapeException if it is another one
   */
  public static TokenGrids of(Tensor point) {
    if (point.rank() != 1 || point.size(0) != NUMBERS) {
      throw new ShapeException("grids: expected [5], got " + point.describe());
    }
    int[] n = java.util.Arrays.stream(point.toLongArray()).mapToInt(Math::toIntExact).toArray();
    return new TokenGrids(new Grid(n[0], n[1]), new Grid(n[2], n[3]), n[4]);
  }
}
