package dev.heed.tensor.kernel;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether the vectors of one loop are as right and as fast as its twin of plain loops.
 *
 * <p>The first call is compared with the twin's. Later, when the JIT compiler has had its chance,
 * both are timed on the same numbers: a loop whose vectors it puts into objects is then left for
 * its twin.
 */
final class LoopWatch {
  /** Writes a loop's results. */
  @FunctionalInterface
  interface Results {
    /** Fills the array. */
    void into(float[] out);
  }

  /** Calls at which both are timed; plain loops take over if they are faster each time. */
  private static final int FIRST_TIMED = 3_000;

  private static final int LAST_TIMED = 4 * FIRST_TIMED;
  private static final int REPEATS = 5;
  private static final int TIMED_CALLS = 3;
  private static final double TOLERANCE = 1e-4;
  private static final double SLOWER = 1.5;

  private final String what;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger slow = new AtomicInteger();
  private volatile boolean left;
  private volatile boolean done;

  /**
   * A watch that has seen nothing.
   *
   * @param what the loop does, to go before "by plain loops"
   */
  LoopWatch(String what) {
    this.what = what;
  }

  /** Whether plain loops have taken over. */
  boolean isLeft() {
    return left;
  }

  /** Counts a call, and says whether to {@link #look} at it. */
  boolean isDue() {
    if (done) {
      return false;
    }
    int call = calls.incrementAndGet();
    done = call >= LAST_TIMED;
    return call == 1 || call == FIRST_TIMED || call == 2 * FIRST_TIMED || call == LAST_TIMED;
  }

  /**
   * Looks at a call that {@link #isDue}.
   *
   * @param count how many results it has
   * @param scales as large as a result's terms may be, if not its sum: what rounding follows
   */
  void look(int count, Results vectors, Results twin, Results scales) {
    boolean timed = calls.get() >= FIRST_TIMED;
    float[] got = new float[count];
    float[] wanted = new float[count];
    long byVectors = Long.MAX_VALUE;
    long byLoops = Long.MAX_VALUE;
    for (int i = 0; i < (timed ? REPEATS : 1); i++) {
      long start = processorTime(timed);
      vectors.into(got);
      long between = processorTime(timed);
      twin.into(wanted);
      byVectors = Math.min(byVectors, between - start);
      byLoops = Math.min(byLoops, processorTime(timed) - between);
    }
    if (!agree(got, wanted, scales)) {
      leave("the vectors disagreed with them");
    } else if (timed && byVectors > SLOWER * byLoops && slow.incrementAndGet() == TIMED_CALLS) {
      leave("the JIT compiler puts the vectors into objects");
    }
  }

  /** 0 where it is not needed: a first call is not held up by what must be loaded for it. */
  private static long processorTime(boolean needed) {
    return needed ? ThreadTime.nanos() : 0;
  }

  private static boolean agree(float[] got, float[] wanted, Results scales) {
    float[] scale = new float[got.length];
    scales.into(scale);
    for (int i = 0; i < got.length; i++) {
      if (Math.abs(got[i] - wanted[i]) > TOLERANCE * Math.abs(scale[i])) {
        return false; // numbers that are not finite say nothing
      }
    }
    return true;
  }

  /** {@code √Σx²}. */
  static float norm(float[] x, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += (double) x[i] * x[i];
    }
    return (float) Math.sqrt(sum);
  }

  private void leave(String why) {
    left = true;
    done = true;
    Kernels.note(what + " by plain loops, since " + why);
  }
}
