package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;
import static dev.heed.attention.kernel.Lanes.roundUp;

import dev.heed.attention.kernel.BlockSchedule.Partial;
import dev.heed.attention.score.ScoreTile;
import dev.heed.tensor.kernel.RowProduct;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * What one tile adds to the gradients: with {@code P} the weights, {@code dP = dO·Vᵀ} and {@code δ
 * = Σ dO ∘ O} of each row, {@code dS = P ∘ (dP - δ)}, {@code dV += Pᵀ·dO}, {@code dK += dSᵀ·Q},
 * {@code dQ += dS·K}.
 */
final class GradientTile {
  private final Problem problem;
  private final @Nullable ScoreChange change;
  private final boolean keepsScores;
  private final int width;
  private final int valueWidth;
  private final int keyStride;
  private final int valueStride;
  private final float toPowers;

  GradientTile(Problem problem) {
    this.problem = problem;
    this.change = ScoreChange.of(problem.modifier());
    this.keepsScores = change != null && change.needsScores();
    this.width = problem.queries().width();
    this.valueWidth = problem.values().width();
    this.keyStride = Scratch.padded(width);
    this.valueStride = Scratch.padded(valueWidth);
    this.toPowers = (float) problem.toPowers();
  }

  /** Makes ready for the tiles of a block of keys with a group of queries. */
  void begin(Scratch s, int head, int firstQuery, int queries, int firstKey) {
    if (change != null) {
      change.begin(s, head, firstQuery, queries, firstKey);
      change.beginBackward(s);
    }
  }

  /** Closes what {@link #begin} opened. */
  void end(Scratch s, int head, int firstQuery, int queries, int firstKey, double[][] into) {
    if (change != null) {
      change.endBackward(s, head, firstQuery, queries, firstKey, into);
    }
  }

  /**
   * Adds this tile's part to the sums in {@code s}.
   *
   * @param at first query of the tile within its group
   * @param into gradients of the modifier's parameters
   */
  void add(Scratch s, int at, @Nullable Partial partial, double[][] into) {
    int from = partial == null ? 0 : partial.from();
    int to = partial == null ? s.tile.to() : partial.to();
    int[] bits = partial == null ? null : partial.bits();
    int lanes = roundUp(s.tile.queries(), LENGTH);
    byKeys(s, from, to, lanes, width, s.keys, keyStride, s.queriesByColumn, at, s.scores);
    modify(s, at, from, to);
    OnlineSoftmax.weigh(
        s.scores, from, to, lanes, bits, toPowers, s.maximum, s.logSum, at, s.correction);
    byKeys(
        s,
        from,
        to,
        lanes,
        valueWidth,
        s.values,
        valueStride,
        s.outputGradientsByColumn,
        at,
        s.gradients);
    if (problem.dropout().active()) {
      drop(s, s.gradients, from, to, lanes);
    }
    scoreGradients(s.gradients, s.scores, from, to, lanes, s.sum, at);
    if (problem.dropout().active()) {
      drop(s, s.scores, from, to, lanes);
    }
    if (change != null) {
      clearIdleLanes(s, from, to, lanes);
      change.backward(s, place(s.rawTile, s.tile, from, to), at, into);
    }
    clearMargins(s, from, to);
    accumulate(s, at, from, to);
  }

  /** {@code target[key][query] = rows[key] · columns[query]}, for whole steps of the product. */
  private static void byKeys(
      Scratch s,
      int from,
      int to,
      int lanes,
      int depth,
      float[] rows,
      int stride,
      float[] columns,
      int at,
      float[] target) {
    int begin = from / RowProduct.ROWS * RowProduct.ROWS;
    RowProduct.multiply(
        roundUp(to, RowProduct.ROWS) - begin,
        lanes,
        depth,
        rows,
        begin * stride,
        stride,
        columns,
        at * stride,
        TILE_QUERIES,
        target,
        begin * TILE_QUERIES,
        TILE_QUERIES,
        false);
  }

  private void modify(Scratch s, int at, int from, int to) {
    if (change == null) {
      return;
    }
    if (keepsScores) {
      int begin = from * TILE_QUERIES;
      System.arraycopy(s.scores, begin, s.raw, begin, (to - from) * TILE_QUERIES);
    }
    change.modify(s, at, from, to);
  }

  private static ScoreTile place(ScoreTile raw, ScoreTile tile, int from, int to) {
    return raw.at(
        tile.batch(), tile.head(), tile.firstQuery(), tile.queries(), tile.firstKey(), from, to);
  }

  private void drop(Scratch s, float[] tile, int from, int to, int lanes) {
    int row = s.tile.firstQuery() - problem.firstPosition();
    int plane = problem.dropout().plane(s.tile.batch(), s.tile.head());
    TileDropout.apply(problem.dropout(), tile, from, to, lanes, plane, row, s.tile.firstKey());
  }

  private static void scoreGradients(
      float[] gradients, float[] weights, int from, int to, int lanes, float[] delta, int at) {
    for (int lane = 0; lane < lanes; lane += LENGTH) {
      FloatVector d = FloatVector.fromArray(FLOATS, delta, at + lane);
      for (int i = from * TILE_QUERIES + lane; i < to * TILE_QUERIES; i += TILE_QUERIES) {
        FloatVector p = FloatVector.fromArray(FLOATS, weights, i);
        p.mul(FloatVector.fromArray(FLOATS, gradients, i).sub(d)).intoArray(gradients, i);
      }
    }
  }

  /** Lanes without a query hold what a modifier made of nothing, and must not reach its sums. */
  private static void clearIdleLanes(Scratch s, int from, int to, int lanes) {
    for (int key = from; s.tile.queries() < lanes && key < to; key++) {
      int row = key * TILE_QUERIES;
      Arrays.fill(s.gradients, row + s.tile.queries(), row + lanes, 0f);
    }
  }

  private static void clearMargins(Scratch s, int from, int to) {
    int begin = from / RowProduct.ROWS * RowProduct.ROWS * TILE_QUERIES;
    int end = roundUp(to, RowProduct.ROWS) * TILE_QUERIES;
    for (float[] tile : new float[][] {s.scores, s.gradients}) {
      Arrays.fill(tile, begin, from * TILE_QUERIES, 0f);
      Arrays.fill(tile, to * TILE_QUERIES, end, 0f);
    }
  }

  private void accumulate(Scratch s, int at, int from, int to) {
    byQueries(s, s.scores, from, to, s.outputGradients, at, valueStride, s.valueGradients);
    byQueries(s, s.gradients, from, to, s.queries, at, keyStride, s.keyGradients);
    ColumnProduct.multiply(
        roundUp(s.tile.queries(), ColumnProduct.ROWS),
        keyStride,
        to - from,
        s.gradients,
        from * TILE_QUERIES,
        TILE_QUERIES,
        s.keys,
        from * keyStride,
        keyStride,
        s.queryGradients,
        at * keyStride,
        keyStride,
        true);
  }

  /** {@code sums[key] += Σ_query tile[key][query] · rows[query]}. */
  private static void byQueries(
      Scratch s, float[] tile, int from, int to, float[] rows, int at, int stride, float[] sums) {
    int begin = from / RowProduct.ROWS * RowProduct.ROWS;
    RowProduct.multiply(
        roundUp(to, RowProduct.ROWS) - begin,
        stride,
        s.tile.queries(),
        tile,
        begin * TILE_QUERIES,
        TILE_QUERIES,
        rows,
        at * stride,
        stride,
        sums,
        (s.tile.firstKey() + begin) * stride,
        stride,
        true);
  }
}
