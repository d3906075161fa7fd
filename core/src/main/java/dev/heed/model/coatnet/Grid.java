package dev.heed.model.coatnet;

/**
 * The places of an image, row by row.
 *
 * @param height rows
 * @param width columns
 */
public record Grid(int height, int width) {
  /** Checks that there is a place. */
  public Grid {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "grid: expected at least one row and column, got " + height + " by " + width);
    }
  }

  /** How many places. */
  public int places() {
    return height * width;
  }

  /** How many differences of two places. */
  int offsets() {
    return (2 * height - 1) * (2 * width - 1);
  }

  /** For each pair of places i, j the number of their difference: {@code [places · places]}. */
  long[] offsetOfPairs() {
    long[] offsets = new long[places() * places()];
    int next = 0;
    for (int i = 0; i < places(); i++) {
      for (int j = 0; j < places(); j++) {
        int down = i / width - j / width + height - 1;
        int right = i % width - j % width + width - 1;
        offsets[next++] = (long) down * (2 * width - 1) + right;
      }
    }
    return offsets;
  }
}
