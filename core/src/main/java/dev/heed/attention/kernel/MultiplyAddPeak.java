package dev.heed.attention.kernel;

import dev.heed.tensor.kernel.RowProduct;

/**
 * What one thread reaches when it does nothing but multiply and add floats from the first cache.
 */
public final class MultiplyAddPeak {
  private static final int ROWS = 32;
  private static final int DEPTH = 64;
  private static final int CALLS = 400;
  private static final int ROUNDS = 60;

  private MultiplyAddPeak() {}

  /**
   * Floating-point operations a second: the best of many short rounds of the kernel's own product.
   */
  public static double measure() {
    float[] a = new float[ROWS * DEPTH];
    float[] b = new float[DEPTH * Lanes.TILE_QUERIES];
    float[] c = new float[ROWS * Lanes.TILE_QUERIES];
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int call = 0; call < CALLS; call++) {
        RowProduct.multiply(
            ROWS,
            Lanes.TILE_QUERIES,
            DEPTH,
            a,
            0,
            DEPTH,
            b,
            0,
            Lanes.TILE_QUERIES,
            c,
            0,
            Lanes.TILE_QUERIES,
            false);
      }
      best = Math.min(best, System.nanoTime() - start);
    }
    return 2e9 * CALLS * ROWS * Lanes.TILE_QUERIES * DEPTH / best;
  }
}
