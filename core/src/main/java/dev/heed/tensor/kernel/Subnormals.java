package dev.heed.tensor.kernel;

/**
 * Whether this processor multiplies subnormal floats as fast as others. AMD's do; on many of
 * Intel's each takes a hundred cycles and more.
 *
 * <p>Where they are fast, a small whole number need not be converted to be multiplied: its bits are
 * those of the subnormal float {@code q · 2⁻¹⁴⁹}, up to {@code q = 2²⁴ - 1}.
 */
final class Subnormals {
  private static final int ROUNDS = 9;
  private static final int PRODUCTS = 400;

  /** Slower than this by the best of several rounds, they are not fast; assists take tenfold. */
  private static final double SLOWER = 1.6;

  static final boolean ARE_FAST = areFast();

  private static float seen;

  private Subnormals() {}

  private static boolean areFast() {
    long usual = Long.MAX_VALUE;
    long small = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      usual = Math.min(usual, nanoseconds(1.5f));
      small = Math.min(small, nanoseconds(15 * Float.MIN_VALUE));
    }
    return small < SLOWER * usual;
  }

  private static long nanoseconds(float factor) {
    long start = System.nanoTime();
    float sum = 0;
    for (int i = 0; i < PRODUCTS; i++) {
      sum += factor * 0x1p100f;
    }
    seen = sum;
    return System.nanoTime() - start;
  }
}
