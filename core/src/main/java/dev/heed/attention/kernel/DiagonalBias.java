package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import jdk.incubator.vector.FloatVector;

/**
 * Numbers that belong to the diagonals of a tile. Queries of one row lie beside each other and so
 * do their diagonals: what a row of {@code key} needs begins {@code key} places before the end of
 * the first {@code TILE_KEYS}.
 */
final class DiagonalBias {
  /** Diagonals that end before those of a tile's last key. */
  private static final int LEAD = TILE_KEYS - 1;

  private DiagonalBias() {}

  /** How many diagonals a block of keys shares with so many queries, rounded up to whole tiles. */
  static int diagonals(int queries) {
    return LEAD + Lanes.roundUp(queries, TILE_QUERIES);
  }

  /** The distance, key - query, of the first diagonal: that of the block's last key. */
  static int firstDistance(int firstKey, int firstQuery) {
    return firstKey + LEAD - firstQuery;
  }

  /** Adds to each score of rows {@code [from, to)} the number of its diagonal. */
  static void add(float[] tile, int from, int to, int lanes, float[] bias, int at) {
    for (int lane = 0; lane < lanes; lane += 2 * LENGTH) {
      for (int key = from; key < to; key++) {
        int i = key * TILE_QUERIES + lane;
        int j = at + LEAD - key + lane;
        FloatVector x = FloatVector.fromArray(FLOATS, tile, i);
        FloatVector y = FloatVector.fromArray(FLOATS, tile, i + LENGTH);
        x.add(FloatVector.fromArray(FLOATS, bias, j)).intoArray(tile, i);
        y.add(FloatVector.fromArray(FLOATS, bias, j + LENGTH)).intoArray(tile, i + LENGTH);
      }
    }
  }

  /** Adds the numbers of rows {@code [from, to)} to the sums of their diagonals. */
  static void gather(float[] tile, int from, int to, int lanes, float[] sums, int at) {
    for (int lane = 0; lane < lanes; lane += LENGTH) {
      for (int key = from; key < to; key++) {
        int j = at + LEAD - key + lane;
        FloatVector.fromArray(FLOATS, sums, j)
            .add(FloatVector.fromArray(FLOATS, tile, key * TILE_QUERIES + lane))
            .intoArray(sums, j);
      }
    }
  }
}
