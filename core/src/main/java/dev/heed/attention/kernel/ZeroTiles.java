package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import dev.heed.attention.score.RelativeBias;
import org.jspecify.annotations.Nullable;

/**
 * Tells tiles whose weights are all zero before they are computed: under a bias that falls with the
 * distance, such as ALiBi's, those far from the diagonal.
 *
 * <p>{@code |q·k| ≤ |q| |k|}, so a tile's scores are at most the product of its longest query and
 * key and its greatest bias together. A weight below {@code 2^-126} times that of the row's
 * greatest score so far is zero in {@link OnlineSoftmax} too: leaving the tile out changes no bit.
 */
final class ZeroTiles {
  /** One more than the exponent below which a power is zero, for the rounding of the bound. */
  private static final double SMALLEST = -127;

  /** Covers the rounding of sums of products. */
  private static final double SLACK = 1 + 1e-4;

  private static final double LOG2_E = 1 / Math.log(2);

  private final double scale;

  private ZeroTiles(double scale) {
    this.scale = Math.abs(scale) * SLACK;
  }

  /** For a problem whose scores change by nothing but a bias of the distance; else null. */
  static @Nullable ZeroTiles of(Problem problem) {
    return problem.modifier() instanceof RelativeBias ? new ZeroTiles(problem.scale()) : null;
  }

  /** Measures the queries of one tile, which lie in rows. */
  void queries(Scratch s, int tile, float[] rows, int at, int count, int stride) {
    s.longestQuery[tile] = longest(rows, at, count, stride, s.square);
  }

  /** Measures a block of keys and the biases on its diagonals with a group of queries. */
  void block(Scratch s, int keys, int stride, int queries) {
    s.longestKey = longest(s.keys, 0, keys, stride, s.square);
    int parts = Lanes.roundUp(DiagonalBias.diagonals(queries), TILE_QUERIES) / TILE_QUERIES;
    int last = DiagonalBias.diagonals(queries) - 1;
    for (int part = 0; part < parts; part++) {
      float greatest = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < TILE_QUERIES; i++) {
        greatest = Math.max(greatest, s.diagonals[Math.min(part * TILE_QUERIES + i, last)]);
      }
      s.greatestBias[part] = greatest;
    }
  }

  private static float longest(float[] rows, int at, int count, int stride, float[] lanes) {
    float longest = 0;
    for (int i = 0; i < count; i++) {
      int row = at + i * stride;
      longest = Math.max(longest, RowScaling.dot(rows, row, rows, row, stride, lanes));
    }
    return (float) Math.sqrt(longest);
  }

  /**
   * Whether all weights of a tile are zero, measured against the maxima in {@code s}.
   *
   * @param at first query of the tile within its group
   */
  boolean contain(Scratch s, int at, int queries) {
    int part = at / TILE_QUERIES;
    float bias = s.greatestBias[part];
    for (int i = 1; i <= TILE_KEYS / TILE_QUERIES; i++) {
      bias = Math.max(bias, s.greatestBias[part + i]);
    }
    double highest = scale * s.longestQuery[part] * s.longestKey + bias;
    float least = Float.POSITIVE_INFINITY;
    for (int i = 0; i < queries; i++) {
      least = Math.min(least, s.maximum[at + i]);
    }
    return (highest - least) * LOG2_E < SMALLEST;
  }
}
