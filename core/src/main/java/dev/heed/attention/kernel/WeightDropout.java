package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Which weights dropout keeps: a pure function of the seed and the pair, so that the backward pass
 * finds the same ones without storing them.
 *
 * <p>The hash is Wellons' lowbias32 (Prospecting for Hash Functions, 2018), applied to the row's
 * hash plus the key.
 */
record WeightDropout(double rate, long seed) {
  static final WeightDropout NONE = new WeightDropout(0, 0);
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final IntVector COUNT = IntVector.broadcast(INTS, 0).addIndex(1);
  private static final int UNIT_BITS = 24;

  boolean active() {
    return rate > 0;
  }

  /** What kept weights are multiplied by. */
  float factor() {
    return (float) (1 / (1 - rate));
  }

  /** Hash of one head of one sequence. */
  int plane(int batch, int head) {
    int low = mix((int) seed ^ mix((int) (seed >>> Integer.SIZE) + batch));
    return mix(low + head);
  }

  private int threshold() {
    return (int) Math.round(rate * (1 << UNIT_BITS));
  }

  /** Whether the weight of row {@code query} and {@code key} stays. */
  boolean keeps(int plane, int query, int key) {
    return mix(mix(plane ^ key) + query) >>> (Integer.SIZE - UNIT_BITS) >= threshold();
  }

  /** Multiplies a tile's weights by 0 or {@link #factor()}. */
  void apply(float[] tile, int from, int to, int lanes, int plane, int firstQuery, int firstKey) {
    int threshold = threshold();
    float factor = factor();
    for (int key = from; key < to; key++) {
      int row = mix(plane ^ (firstKey + key)) + firstQuery;
      for (int lane = 0; lane < lanes; lane += LENGTH) {
        row(tile, key * TILE_QUERIES + lane, row + lane, threshold, factor);
      }
    }
  }

  private static void row(float[] tile, int at, int hash, int threshold, float factor) {
    IntVector x = COUNT.add(hash);
    x = mixStep(x, 16, 0x7feb352d);
    x = mixStep(x, 15, 0x846ca68b);
    x = x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 16));
    VectorMask<Float> keep =
        x.lanewise(VectorOperators.LSHR, Integer.SIZE - UNIT_BITS)
            .compare(VectorOperators.GE, threshold)
            .cast(FLOATS);
    FloatVector weights = FloatVector.fromArray(FLOATS, tile, at).mul(factor);
    FloatVector.zero(FLOATS).blend(weights, keep).intoArray(tile, at);
  }

  private static IntVector mixStep(IntVector x, int shift, int factor) {
    return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, shift)).mul(factor);
  }

  private static int mix(int value) {
    int x = (value ^ (value >>> 16)) * 0x7feb352d;
    x = (x ^ (x >>> 15)) * 0x846ca68b;
    return x ^ (x >>> 16);
  }
}
