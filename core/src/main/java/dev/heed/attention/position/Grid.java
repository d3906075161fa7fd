package dev.heed.attention.position;

/**
 * The places of an image, row by row: its patches, or what stages of a pyramid made of them.
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
    return Math.multiplyExact(height, width);
  }

  /** How many differences of two places. */
  public int offsets() {
    return Math.multiplyExact(2 * height - 1, 2 * width - 1);
  }

  /** For each pair of places i, j the number of their difference: {@code [places · places]}. */
  public long[] offsetOfPairs() {
    long[] offsets = new long[Math.multiplyExact(places(), places())];
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
