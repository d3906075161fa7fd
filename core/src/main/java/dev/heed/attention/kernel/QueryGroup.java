package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

/**
 * A walk of neighbouring query tiles over the key tiles that at least one of them needs, in order,
 * so that each block of keys and values is copied once for all of them.
 */
final class QueryGroup {
  /** No key tile is left. */
  static final int END = Integer.MAX_VALUE;

  private final BlockSchedule schedule;
  private final int firstTile;
  private final int tiles;
  private final int[] run;

  /**
   * @param firstQuery row of the first query, a multiple of {@link Lanes#TILE_QUERIES}: a schedule
   *     knows whole tiles only
   * @param run where each tile stands, lent by the caller
   */
  QueryGroup(BlockSchedule schedule, int firstQuery, int queries, int[] run) {
    if (firstQuery % TILE_QUERIES != 0) {
      throw new IllegalArgumentException(
          "query group: expected to begin at a multiple of "
              + TILE_QUERIES
              + ", got row "
              + firstQuery);
    }
    this.schedule = schedule;
    this.firstTile = firstQuery / TILE_QUERIES;
    this.tiles = (queries + TILE_QUERIES - 1) / TILE_QUERIES;
    this.run = run;
    for (int tile = 0; tile < tiles; tile++) {
      run[tile] = schedule.firstRun(firstTile + tile);
    }
  }

  int tiles() {
    return tiles;
  }

  /** The first key tile at or after this one that a tile of queries needs, or {@link #END}. */
  int next(int keyTile) {
    int nearest = END;
    for (int tile = 0; tile < tiles; tile++) {
      int end = schedule.endRun(firstTile + tile);
      while (run[tile] < end && schedule.endTile(run[tile]) <= keyTile) {
        run[tile]++;
      }
      if (run[tile] < end) {
        nearest = Math.min(nearest, Math.max(keyTile, schedule.firstTile(run[tile])));
      }
    }
    return nearest;
  }

  /** The run that holds this key tile for one tile of queries, or -1 where it is empty. */
  int run(int tile, int keyTile) {
    int at = run[tile];
    return at < schedule.endRun(firstTile + tile) && schedule.firstTile(at) <= keyTile ? at : -1;
  }
}
