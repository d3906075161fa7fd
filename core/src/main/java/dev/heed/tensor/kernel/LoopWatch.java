package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether the vectors of one {@link BlockFormat.Layout} are as right and as fast as plain loops.
 *
 * <p>The first product with such a layout is compared with that of plain loops. Later, when the JIT
 * compiler has had its chance, both are timed on the same rows: a loop whose vectors it puts into
 * objects is then left for its twin.
 */
final class LayoutWatch {
  /** Calls at which both are timed; plain loops take over if they are faster each time. */
  private static final int FIRST_TIMED = 3_000;

  private static final int LAST_TIMED = 4 * FIRST_TIMED;
  private static final int REPEATS = 5;
  private static final int TIMED_CALLS = 3;
  private static final int TIMED_ROWS = 32;
  private static final double TOLERANCE = 1e-4;
  private static final double SLOWER = 1.5;

  private final BlockKernel plain;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger slow = new AtomicInteger();
  private volatile boolean left;

  LayoutWatch(BlockKernel plain) {
    this.plain = plain;
  }

  /** Whether plain loops have taken over. */
  boolean isLeft() {
    return left;
  }

  /** Looks at a product that is about to be computed; see {@link BlockKernel#dots}. */
  void look(
      BlockProducts vectors,
      BlockFormat format,
      float[] x,
      float[] sums,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      int rows,
      Buffers buffers) {
    int call = calls.incrementAndGet();
    boolean timed = call == FIRST_TIMED || call == 2 * FIRST_TIMED || call == LAST_TIMED;
    if (left || (call != 1 && !timed)) {
      return;
    }
    int count = Math.min(rows, TIMED_ROWS);
    float[] got = new float[count];
    float[] wanted = new float[count];
    long byVectors = Long.MAX_VALUE;
    long byLoops = Long.MAX_VALUE;
    for (int i = 0; i < (timed ? REPEATS : 1); i++) {
      long start = processorTime(timed);
      vectors.dots(format, x, sums, w, at, rowBytes, depth, got, 0, count, buffers);
      long between = processorTime(timed);
      plain.dots(format, x, sums, w, at, rowBytes, depth, wanted, 0, count, buffers);
      byVectors = Math.min(byVectors, between - start);
      byLoops = Math.min(byLoops, processorTime(timed) - between);
    }
    if (!agree(format, x, w, at, rowBytes, depth, got, wanted, buffers)) {
      leave(format, "the vectors disagreed with them");
    } else if (timed && byVectors > SLOWER * byLoops && slow.incrementAndGet() == TIMED_CALLS) {
      leave(format, "the JIT compiler puts the vectors into objects");
    }
  }

  /** Of the calling thread, which other work on the machine does not raise; 0 if not needed. */
  private static long processorTime(boolean needed) {
    if (!needed) {
      return 0; // a first product is not held up by what must be loaded for it
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()
        ? threads.getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  private boolean agree(
      BlockFormat format,
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      float[] got,
      float[] wanted,
      Buffers buffers) {
    double size = norm(x, depth);
    float[] row = new float[depth];
    for (int r = 0; r < got.length; r++) {
      plain.decode(format, w, at + r * rowBytes, row, 0, depth, buffers);
      double bound = TOLERANCE * size * norm(row, depth);
      if (Math.abs(got[r] - wanted[r]) > bound) {
        return false; // numbers that are not finite say nothing
      }
    }
    return true;
  }

  private static double norm(float[] x, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += (double) x[i] * x[i];
    }
    return Math.sqrt(sum);
  }

  private void leave(BlockFormat format, String why) {
    left = true;
    Kernels.note("weights in " + format.name() + " are multiplied by plain loops, since " + why);
  }
}
