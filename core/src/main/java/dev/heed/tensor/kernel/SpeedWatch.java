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

  /** Seconds of calls that are judged together. */
  private static final double WINDOW_SECONDS = 1;

  /** Slow windows in a row: on a busy machine the JIT compiler, too, waits for its turn. */
  private static final int SLOW_WINDOWS = 3;

  private final double collapsed;
  private volatile boolean warm;
  private double secondsSeen;
  private double windowSeconds;
  private double best;
  private int slow;

  /**
   * A watch that has seen nothing.
   *
   * @param collapsed FLOP/s of a thread below which it does not use vectors
   */
  public SpeedWatch(double collapsed) {
    this.collapsed = collapsed;
  }

  /**
   * The nanoseconds that a call's seconds are the difference of: the calling thread's processor
   * time, which other work on the machine does not raise. Until the warm-up is over it is the
   * wall's, for which nothing must be loaded.
   *
   * @param flops of the call; 0 is returned for one that does not count
   */
  public long clock(double flops) {
    if (flops < COUNTED_FLOPS) {
      return 0;
    }
    return warm ? ThreadTime.nanos() : System.nanoTime();
  }

  /**
   * Notes one call.
   *
   * @param flops multiplications and additions it did
   * @param seconds it took by {@link #clock}; negative ones, of two clocks, do not count
   * @param threads that shared it
   * @return NaN; FLOP/s of a thread in the fastest call, which nothing else held up, once that
   *     collapsed for seconds of calls
   */
  public synchronized double note(double flops, double seconds, int threads) {
    if (flops < COUNTED_FLOPS || seconds <= 0) {
      return Double.NaN;
    }
    secondsSeen += seconds;
    warm = secondsSeen >= WARM_UP_SECONDS;
    if (!warm) {
      return Double.NaN;
    }
    windowSeconds += seconds;
    best = Math.max(best, flops / seconds / threads);
    if (windowSeconds < WINDOW_SECONDS) {
      return Double.NaN;
    }
    double rate = best;
    slow = rate < collapsed ? slow + 1 : 0;
    windowSeconds = 0;
    best = 0;
    return slow >= SLOW_WINDOWS ? rate : Double.NaN;
  }
}
