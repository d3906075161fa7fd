package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;
import static dev.heed.attention.kernel.Lanes.TILE_QUERIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link WeightDropout} on a whole tile: the same hash, by vectors. */
final class TileDropout {
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final IntVector COUNT = IntVector.broadcast(INTS, 0).addIndex(1);

  private TileDropout() {}

  /** Multiplies a tile's weights by 0 or {@link WeightDropout#factor()}. */
  static void apply(
      WeightDropout dropout,
      float[] tile,
      int from,
      int to,
      int lanes,
      int plane,
      int firstQuery,
      int firstKey) {
    int threshold = dropout.threshold();
    float factor = dropout.factor();
    for (int key = from; key < to; key++) {
      int row = WeightDropout.row(plane, firstKey + key) + firstQuery;
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
        x.lanewise(VectorOperators.LSHR, Integer.SIZE - WeightDropout.UNIT_BITS)
            .compare(VectorOperators.GE, threshold)
            .cast(FLOATS);
    FloatVector weights = FloatVector.fromArray(FLOATS, tile, at).mul(factor);
    FloatVector.zero(FLOATS).blend(weights, keep).intoArray(tile, at);
  }

  private static IntVector mixStep(IntVector x, int shift, int factor) {
    return x.lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, shift)).mul(factor);
  }
}
