package dev.heed.tensor.kernel;

/**
 * How fast vectors are once they are compiled: the JIT compiler may put each into an object (a
 * known failure that slows them a hundredfold), long after a check at the start.
 */
public final class SpeedWatch {
  /** Kernel time until the JIT compiler has surely had its chance. */
  private static final double WARM_UP_SECONDS = 5;

  /**
   * Calls with less work than this do not count: a thread that loses its core in one of them looks
   * as slow as boxed vectors.
   */
  private static final double COUNTED_FLOPS = 1e7;

  private double secondsSeen;
  private double windowSeconds;
  private double windowFlops;

  /** A watch that has seen nothing. */
  public SpeedWatch() {}

  /**
   * Notes one call.
   *
   * @param flops multiplications and additions it did
   * @param seconds it took
   * @param threads that shared it
   * @return FLOP/s of a thread over the second of calls that this one completes, else NaN
   */
  public synchronized double note(double flops, double seconds, int threads) {
    if (flops < COUNTED_FLOPS) {
      return Double.NaN;
    }
    secondsSeen += seconds;
    if (secondsSeen < WARM_UP_SECONDS) {
      return Double.NaN;
    }
    windowSeconds += seconds;
    windowFlops += flops;
    if (windowSeconds < 1) {
      return Double.NaN;
    }
    double rate = windowFlops / windowSeconds / threads;
    windowSeconds = 0;
    windowFlops = 0;
    return rate;
  }
}
