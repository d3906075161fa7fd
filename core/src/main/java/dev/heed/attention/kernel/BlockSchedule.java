package dev.heed.attention.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Which tiles of one plane {@code Tq × Tk} the kernel must compute: for every tile of queries its
 * runs of neighbouring key tiles that are alike.
 *
 * <p>Runs of full tiles carry no test; a partial tile is a run of its own with one word a key, one
 * bit a query. Tiles that appear in no run are empty and cost nothing.
 */
final class BlockSchedule {
  /** What a partial tile allows, with the rows that allow nothing cut off at both ends. */
  record Partial(int[] bits, int from, int to) {}

  private final int[] starts;
  private final int[] firstTile;
  private final int[] endTile;
  private final @Nullable Partial[] partial;

  /**
   * Takes the arrays over.
   *
   * @param starts where the runs of each tile of queries begin, and the end of the last
   */
  BlockSchedule(int[] starts, int[] firstTile, int[] endTile, @Nullable Partial[] partial) {
    this.starts = starts;
    this.firstTile = firstTile;
    this.endTile = endTile;
    this.partial = partial;
  }

  int firstRun(int queryTile) {
    return starts[queryTile];
  }

  int endRun(int queryTile) {
    return starts[queryTile + 1];
  }

  int firstTile(int run) {
    return firstTile[run];
  }

  int endTile(int run) {
    return endTile[run];
  }

  /** What a run's tile allows; null when it allows all. */
  @Nullable Partial partial(int run) {
    return partial[run];
  }

  /** How many tiles are computed. */
  long tiles() {
    long count = 0;
    for (int run = 0; run < firstTile.length; run++) {
      count += endTile[run] - firstTile[run];
    }
    return count;
  }

  /** Bytes held, shared partial tiles counted each time. */
  long bytes() {
    long bits = 0;
    for (Partial one : partial) {
      bits += one == null ? 0 : one.bits().length;
    }
    return Integer.BYTES * (starts.length + 3L * firstTile.length + bits);
  }
}
