package dev.heed.attention.kernel;

import dev.heed.tensor.kernel.FloatLanes;
import jdk.incubator.vector.VectorSpecies;

/**
 * The widest float vectors of this processor, and the tile sizes that the kernel cuts its work
 * into.
 */
final class Lanes {
  static final VectorSpecies<Float> FLOATS = FloatLanes.FLOATS;

  /** Floats in one vector. */
  static final int LENGTH = FLOATS.length();

  /** Queries of a tile: they lie side by side in vector lanes, one bit each in a mask's rows. */
  static final int TILE_QUERIES = 32;

  /** Keys of a tile: K and V blocks, scores and output tile fit together in a first-level cache. */
  static final int TILE_KEYS = 64;

  private Lanes() {}

  static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
