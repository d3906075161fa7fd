package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_KEYS;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;
import static dev.heed.attention.kernel.Lanes.roundUp;

import dev.heed.attention.score.ScoreTile;
import dev.heed.tensor.kernel.Workspace;
import java.util.Arrays;

/**
 * One thread's working memory, reused from call to call; arrays grow when a wider head comes.
 *
 * <p>Plain loops are given one as well, so making it must not need the Vector API.
 */
final class Scratch {
  /** The calling thread's. */
  static Scratch of(Workspace workspace) {
    return workspace.of(Scratch.class, Scratch::new);
  }

  /** Floats of queries kept at once: they and their outputs stay in a second-level cache. */
  private static final int GROUP_FLOATS = 32 * 1024;

  private static final int LARGEST_GROUP = 512;

  /** Diagonals that a block of keys shares with the largest group of queries, and a vector more. */
  static final int DIAGONALS = LARGEST_GROUP + 2 * TILE_KEYS;

  /** Floats of the widest vectors there are. */
  private static final int LARGEST_VECTOR = 64;

  /** One score tile {@code [TILE_KEYS][TILE_QUERIES]}; later its weights. */
  final float[] scores = new float[TILE_KEYS * TILE_QUERIES];

  /** Another tile: gradients of the weights, then of the scores. */
  final float[] gradients = new float[TILE_KEYS * TILE_QUERIES];

  /** Scores before a modifier changed them. */
  final float[] raw = new float[TILE_KEYS * TILE_QUERIES];

  /** Scores between two steps of a modifier. */
  private final float[] between = new float[TILE_KEYS * TILE_QUERIES];

  /** A tile of written-down biases, one row a query, and one row a key. */
  final float[] bias = new float[TILE_KEYS * TILE_QUERIES];

  final float[] biasByKey = new float[TILE_KEYS * TILE_QUERIES];

  /** What each step of a modifier adds on the diagonals of a block, and the gradients of that. */
  float[] diagonals = {};

  float[] diagonalGradients = {};

  /** The length of the longest query of each tile of a group, and of the longest key of a block. */
  final float[] longestQuery = new float[LARGEST_GROUP / TILE_QUERIES];

  float longestKey;

  /** The greatest of every {@code TILE_QUERIES} diagonals' biases. */
  final float[] greatestBias = new float[DIAGONALS / TILE_QUERIES];

  /** A tile's mask, one word a key. */
  final int[] bits = new int[TILE_KEYS];

  final ScoreTile tile = new ScoreTile(scores);
  final ScoreTile rawTile = new ScoreTile(raw);
  private final ScoreTile betweenTile = new ScoreTile(between);

  /** What sums and outputs are scaled by when maxima rise; the second half is never read. */
  final float[] correction = new float[2 * TILE_QUERIES];

  final float[] square = new float[2 * LARGEST_VECTOR * LARGEST_VECTOR];
  final int[] run = new int[LARGEST_GROUP / TILE_QUERIES];

  /** Running maxima of the scores of a group of queries; in the backward pass the final ones. */
  final float[] maximum = new float[LARGEST_GROUP];

  /** Logarithms to base 2 of the sums of powers, in the backward pass. */
  final float[] logSum = new float[LARGEST_GROUP];

  /**
   * Running sums of a group of queries; in the backward pass the products of output and gradient.
   */
  final float[] sum = new float[LARGEST_GROUP];

  float[] keys = {};
  float[] values = {};
  float[] queries = {};
  float[] queriesByColumn = {};
  float[] outputs = {};
  float[] outputGradientsByColumn = {};
  float[] outputGradients = {};
  float[] queryGradients = {};
  float[] keyGradients = {};
  float[] valueGradients = {};

  /**
   * Forgets the tiles of earlier work: loops two vectors wide also pass over lanes without a query,
   * and must find nothing there that this work did not write.
   */
  void clearTiles() {
    Arrays.fill(scores, 0f);
    Arrays.fill(gradients, 0f);
  }

  /** A copy of a tile, to be overwritten. */
  ScoreTile betweenTile(ScoreTile tile) {
    if (tile != betweenTile) {
      int begin = tile.from() * TILE_QUERIES;
      int length = (tile.to() - tile.from()) * TILE_QUERIES;
      System.arraycopy(tile.scores(), begin, between, begin, length);
      betweenTile.at(
          tile.batch(),
          tile.head(),
          tile.firstQuery(),
          tile.queries(),
          tile.firstKey(),
          tile.from(),
          tile.to());
    }
    return betweenTile;
  }

  /** Row stride for vectors of this many numbers: whole vectors, at least two. */
  static int padded(int width) {
    return roundUp(Math.max(width, 1), LENGTH);
  }

  /** How many queries are worked on at once for heads of this width. */
  static int groupSize(int width) {
    int fit = GROUP_FLOATS / padded(width) / TILE_QUERIES * TILE_QUERIES;
    return Math.clamp(fit, TILE_QUERIES, LARGEST_GROUP);
  }

  /** Half of {@link #groupSize}, in whole tiles: the backward pass keeps twice as much of each. */
  static int halfGroupSize(int width) {
    return Math.max(TILE_QUERIES, groupSize(width) / 2 / TILE_QUERIES * TILE_QUERIES);
  }

  /** An array at least this long: the old one if it is. */
  static float[] atLeast(float[] array, int length) {
    return array.length >= length ? array : new float[length];
  }
}
