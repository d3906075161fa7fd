package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;
import static dev.heed.attention.kernel.Lanes.roundUp;

import dev.heed.tensor.kernel.RowProduct;
import org.jspecify.annotations.Nullable;

/**
 * What one tile adds to the output: scores, running softmax, weighted sum of the values. The sums
 * are scaled down whenever a query meets a score above all before.
 */
final class OutputTile {
  private final Problem problem;
  private final @Nullable ScoreChange change;
  private final int width;
  private final int keyStride;
  private final int valueStride;
  private final float toPowers;

  OutputTile(Problem problem) {
    this.problem = problem;
    this.change = ScoreChange.of(problem.modifier());
    this.width = problem.queries().width();
    this.keyStride = Scratch.padded(width);
    this.valueStride = Scratch.padded(problem.values().width());
    this.toPowers = (float) problem.toPowers();
  }

  /** Makes ready for the tiles of a block of keys with a group of queries. */
  void begin(Scratch s, int head, int firstQuery, int queries, int firstKey) {
    if (change != null) {
      change.begin(s, head, firstQuery, queries, firstKey);
    }
  }

  /**
   * Adds rows {@code [from, to)} of the block of keys and values in {@code s}; {@code s.tile} says
   * where the tile lies.
   *
   * @param at first query of the tile within its group
   * @param bits one word a key, or null when every pair is allowed
   */
  void add(Scratch s, int at, int from, int to, int @Nullable [] bits) {
    int queries = s.tile.queries();
    int lanes = roundUp(queries, LENGTH);
    scores(s, at, lanes, from, to);
    boolean rose =
        OnlineSoftmax.raise(
            s.scores, from, to, lanes, bits, toPowers, s.maximum, s.sum, at, s.correction);
    OnlineSoftmax.exponentiate(s.scores, from, to, lanes, bits, toPowers, s.maximum, s.sum, at);
    if (rose) {
      RowScaling.scale(s.outputs, at * valueStride, valueStride, queries, s.correction);
    }
    if (problem.dropout().active()) {
      drop(s, from, to, lanes);
    }
    ColumnProduct.multiply(
        roundUp(queries, ColumnProduct.ROWS),
        valueStride,
        to - from,
        s.scores,
        from * TILE_QUERIES,
        TILE_QUERIES,
        s.values,
        from * valueStride,
        valueStride,
        s.outputs,
        at * valueStride,
        valueStride,
        true);
  }

  /** Fills rows {@code [from, to)} of the tile, and to whole steps of the product around them. */
  private void scores(Scratch s, int at, int lanes, int from, int to) {
    int begin = from / RowProduct.ROWS * RowProduct.ROWS;
    RowProduct.multiply(
        roundUp(to, RowProduct.ROWS) - begin,
        lanes,
        width,
        s.keys,
        begin * keyStride,
        keyStride,
        s.queriesByColumn,
        at * keyStride,
        TILE_QUERIES,
        s.scores,
        begin * TILE_QUERIES,
        TILE_QUERIES,
        false);
    if (change != null) {
      change.modify(s, at, from, to);
    }
  }

  private void drop(Scratch s, int from, int to, int lanes) {
    int row = s.tile.firstQuery() - problem.firstPosition();
    int plane = problem.dropout().plane(s.tile.batch(), s.tile.head());
    TileDropout.apply(problem.dropout(), s.scores, from, to, lanes, plane, row, s.tile.firstKey());
  }
}
