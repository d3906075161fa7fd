package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;
import static dev.heed.attention.kernel.Lanes.roundUp;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.kernel.RowProduct;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Recomputes weights of chosen rows: up to a tile of them side by side, whatever their places. */
final class WeightReader {
  private final Problem problem;
  private final Operand queries;
  private final Operand keys;
  private final Normalisers normalisers;
  private final int stride;
  private final boolean vectors;

  /**
   * @param problem its values do not matter
   */
  WeightReader(Problem problem, Normalisers normalisers) {
    this.problem = problem;
    this.queries = problem.queries();
    this.keys = problem.keys();
    this.normalisers = normalisers;
    this.vectors = problem.byVectors();
    this.stride = vectors ? Scratch.padded(queries.width()) : queries.width();
  }

  /**
   * Writes weights.
   *
   * @param rows which queries
   * @param firstKey the key of the target's first column
   * @param target written: its own plane if it has many, rows in the order of {@code rows}
   */
  void read(Scratch s, int batch, int head, int[] rows, int firstKey, Operand target) {
    int targetBatch = target.batches() == 1 ? 0 : batch;
    int targetHead = target.heads() == 1 ? 0 : head;
    for (int at = 0; at < rows.length; at += TILE_QUERIES) {
      int[] some = Arrays.copyOfRange(rows, at, Math.min(rows.length, at + TILE_QUERIES));
      Place place = new Place(batch, head, targetBatch, targetHead, at);
      if (vectors) {
        byVectors(s, place, some, firstKey, target);
      } else {
        byLoops(place, some, firstKey, target);
      }
    }
  }

  /** Is handed weights, a tile at a time. */
  @FunctionalInterface
  interface TileTaker {
    /**
     * Takes a tile.
     *
     * @param tile a key's weights for {@link Lanes#TILE_QUERIES} rows side by side; valid until it
     *     returns
     * @param key the first
     * @param count of keys
     */
    void take(float[] tile, int key, int count);
  }

  /**
   * Hands on the weights of up to a tile of neighbouring rows; tiles that the mask empties are left
   * out.
   */
  void tiles(
      Scratch s, int batch, int head, int[] rows, int firstKey, int endKey, TileTaker taker) {
    Place place = new Place(batch, head, 0, 0, 0);
    int lanes = vectors ? load(s, place, rows) : 0;
    for (int key = firstKey; key < endKey; key += TILE_KEYS) {
      int count = Math.min(TILE_KEYS, endKey - key);
      if (kind(batch, head, rows, key, count) == BlockKind.EMPTY) {
        continue;
      }
      if (vectors) {
        weigh(s, place, rows, key, count, lanes);
      } else {
        for (int j = 0; j < count; j++) {
          for (int i = 0; i < rows.length; i++) {
            s.scores[j * TILE_QUERIES + i] = (float) weight(place, rows[i], key + j);
          }
        }
      }
      taker.take(s.scores, key, count);
    }
  }

  private record Place(int batch, int head, int targetBatch, int targetHead, int targetRow) {}

  private int keyHead(int head) {
    return head / problem.headsPerKey();
  }

  private int position(int row) {
    return row + problem.firstPosition();
  }

  private void byVectors(Scratch s, Place place, int[] rows, int firstKey, Operand target) {
    int lanes = load(s, place, rows);
    int end = firstKey + target.width();
    for (int key = firstKey; key < end; key += TILE_KEYS) {
      int count = Math.min(TILE_KEYS, end - key);
      weigh(s, place, rows, key, count, lanes);
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < count; j++) {
          target.set(
              place.targetBatch(),
              place.targetHead(),
              place.targetRow() + i,
              key - firstKey + j,
              s.scores[j * TILE_QUERIES + i]);
        }
      }
    }
  }

  /** Prepares a tile's rows, and says how many lanes they take. */
  private int load(Scratch s, Place place, int[] rows) {
    int lanes = roundUp(rows.length, LENGTH);
    s.clearTiles();
    s.keys = Scratch.atLeast(s.keys, TILE_KEYS * stride);
    s.queries = Scratch.atLeast(s.queries, TILE_QUERIES * stride);
    s.queriesByColumn = Scratch.atLeast(s.queriesByColumn, TILE_QUERIES * stride);
    Arrays.fill(s.queries, 0f);
    for (int i = 0; i < rows.length; i++) {
      queries.load(place.batch(), place.head(), rows[i], 1, s.queries, i * stride, stride);
      s.maximum[i] = (float) normalisers.greatest(place.batch(), place.head(), rows[i]);
      s.logSum[i] = (float) normalisers.logSum(place.batch(), place.head(), rows[i]);
    }
    Transposition.transpose(
        lanes, stride, s.queries, 0, stride, s.queriesByColumn, 0, TILE_QUERIES, s.square);
    problem.scaleFirst(s.queriesByColumn, 0, TILE_QUERIES * stride);
    return lanes;
  }

  private void weigh(Scratch s, Place place, int[] rows, int key, int count, int lanes) {
    keys.load(place.batch(), keyHead(place.head()), key, count, s.keys, 0, stride);
    int padded = roundUp(count, RowProduct.ROWS);
    Arrays.fill(s.keys, count * stride, padded * stride, 0f);
    RowProduct.multiply(
        padded,
        lanes,
        queries.width(),
        s.keys,
        0,
        stride,
        s.queriesByColumn,
        0,
        TILE_QUERIES,
        s.scores,
        0,
        TILE_QUERIES,
        false);
    ScoreModifier modifier = problem.modifier();
    if (modifier != null) {
      modify(modifier, s.scores, place, rows, key, count);
    }
    OnlineSoftmax.weigh(
        s.scores,
        0,
        count,
        lanes,
        bits(place, rows, key, count),
        (float) problem.toPowers(),
        s.maximum,
        s.logSum,
        0,
        s.correction);
  }

  private void modify(
      ScoreModifier change, float[] scores, Place place, int[] rows, int key, int count) {
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < rows.length; i++) {
        int at = j * TILE_QUERIES + i;
        scores[at] =
            (float)
                change.modify(place.batch(), place.head(), position(rows[i]), key + j, scores[at]);
      }
    }
  }

  private int @Nullable [] bits(Place place, int[] rows, int key, int count) {
    AttentionMask mask = problem.mask();
    if (mask == null || kind(place.batch(), place.head(), rows, key, count) == BlockKind.FULL) {
      return null;
    }
    int[] bits = new int[TILE_KEYS];
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < rows.length; i++) {
        if (mask.allows(place.batch(), place.head(), position(rows[i]), key + j)) {
          bits[j] |= 1 << i;
        }
      }
    }
    return bits;
  }

  /** What the mask leaves of some rows and neighbouring keys. */
  BlockKind kind(int batch, int head, int[] rows, int key, int count) {
    AttentionMask mask = problem.mask();
    if (mask == null) {
      return BlockKind.FULL;
    }
    int first = rows[0];
    for (int i = 1; i < rows.length; i++) {
      if (rows[i] != first + i) {
        return BlockKind.PARTIAL; // rows from here and there are asked for one by one
      }
    }
    return mask.classify(
        batch, head, position(first), position(first) + rows.length, key, key + count);
  }

  private void byLoops(Place place, int[] rows, int firstKey, Operand target) {
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < target.width(); j++) {
        double weight = weight(place, rows[i], firstKey + j);
        target.set(place.targetBatch(), place.targetHead(), place.targetRow() + i, j, weight);
      }
    }
  }

  private double weight(Place place, int row, int key) {
    int position = position(row);
    AttentionMask mask = problem.mask();
    if (mask != null && !mask.allows(place.batch(), place.head(), position, key)) {
      return 0;
    }
    double score = 0;
    for (int d = 0; d < queries.width(); d++) {
      score +=
          queries.get(place.batch(), place.head(), row, d)
              * keys.get(place.batch(), keyHead(place.head()), key, d);
    }
    score *= problem.toScores();
    ScoreModifier modifier = problem.modifier();
    if (modifier != null) {
      score = modifier.modify(place.batch(), place.head(), position, key, score);
    }
    return problem.weight(
        score,
        normalisers.greatest(place.batch(), place.head(), row),
        normalisers.logSum(place.batch(), place.head(), row));
  }
}
