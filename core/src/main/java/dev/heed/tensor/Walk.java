package dev.heed.tensor;

import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workspace;
import java.util.Arrays;

/**
 * Goes over the elements of operands of one shape, row by row: dimensions that lie one after the
 * other in every operand are one, and large work is shared among threads.
 */
final class Walk {
  /** Elements of a row that are handed over at once: a few such rows fit the first-level cache. */
  static final int ROW = 1024;

  /** Less work than this is not worth handing over. */
  private static final long SHARED = 1 << 15;

  /** Rows shorter than this cost more to begin than to do. */
  private static final long SHORT = 16;

  /** What is done with a row. */
  interface Body {
    /**
     * Does a row.
     *
     * @param at where each operand's first element of the row lies
     * @param count elements, at most {@link #ROW}
     */
    void row(long[] at, int count, Workspace workspace);
  }

  private final long[] offsets;
  private long[] sizes;
  private long[][] strides;
  private final long inner;

  /** The step of each operand within a row. */
  private final long[] steps;

  /**
   * Over operands.
   *
   * @param shape of all
   * @param offsets the first element of each
   * @param strides of each, for this shape
   */
  Walk(long[] shape, long[] offsets, long[]... strides) {
    this.offsets = offsets;
    this.sizes = shape;
    this.strides = strides;
    merge();
    int last = innermost();
    inner = sizes.length == 0 ? 1 : sizes[last];
    steps = new long[strides.length];
    for (int k = 0; k < strides.length; k++) {
      steps[k] = sizes.length == 0 ? 1 : this.strides[k][last];
    }
    drop(last);
  }

  /** The step of an operand from element to element of a row. */
  long step(int operand) {
    return steps[operand];
  }

  private void merge() {
    long[] merged = new long[sizes.length];
    long[][] into = new long[strides.length][sizes.length];
    int count = 0;
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] == 1) {
        continue;
      }
      boolean joins = count > 0;
      for (int k = 0; joins && k < strides.length; k++) {
        joins = into[k][count - 1] == strides[k][d] * sizes[d];
      }
      int place = joins ? count - 1 : count++;
      merged[place] = joins ? merged[place] * sizes[d] : sizes[d];
      for (int k = 0; k < strides.length; k++) {
        into[k][place] = strides[k][d];
      }
    }
    sizes = Arrays.copyOf(merged, count);
    for (int k = 0; k < into.length; k++) {
      into[k] = Arrays.copyOf(into[k], count);
    }
    strides = into;
  }

  /** The last dimension, or the longest if that one is short. */
  private int innermost() {
    int last = sizes.length - 1;
    if (last > 0 && sizes[last] < SHORT) {
      for (int d = 0; d < sizes.length; d++) {
        last = sizes[d] > sizes[last] ? d : last;
      }
    }
    return last;
  }

  private void drop(int dim) {
    if (sizes.length > 0) {
      sizes = without(sizes, dim);
      for (int k = 0; k < strides.length; k++) {
        strides[k] = without(strides[k], dim);
      }
    }
  }

  private static long[] without(long[] values, int index) {
    long[] left = Arrays.copyOf(values, values.length - 1);
    System.arraycopy(values, index + 1, left, index, values.length - 1 - index);
    return left;
  }

  /** Does every row. */
  void run(Body body) {
    long rows = 1;
    for (long size : sizes) {
      rows *= size;
    }
    if (rows == 0 || inner == 0) {
      return;
    }
    long parts = (inner + ROW - 1) / ROW;
    long units = rows * parts;
    int threads = rows * inner < SHARED ? 1 : JavaThreads.INSTANCE.count();
    int tasks = (int) Math.min(units, threads == 1 ? 1 : 4L * threads);
    if (tasks == 1) {
      dev.heed.tensor.kernel.Workers.alone(1, (task, w) -> range(0, units, parts, body, w));
    } else {
      Teams.of(threads)
          .run(
              tasks,
              (task, w) -> range(units * task / tasks, units * (task + 1) / tasks, parts, body, w));
    }
  }

  private void range(long from, long end, long parts, Body body, Workspace workspace) {
    long[] at = new long[offsets.length];
    long[] place = new long[sizes.length];
    long row = from / parts;
    long part = from % parts;
    long left = row;
    for (int d = sizes.length - 1; d >= 0; d--) {
      place[d] = left % sizes[d];
      left /= sizes[d];
    }
    long[] base = offsets.clone();
    for (int k = 0; k < base.length; k++) {
      for (int d = 0; d < sizes.length; d++) {
        base[k] += place[d] * strides[k][d];
      }
    }
    for (long unit = from; unit < end; unit++) {
      long first = part * ROW;
      for (int k = 0; k < at.length; k++) {
        at[k] = base[k] + first * steps[k];
      }
      body.row(at, (int) Math.min(ROW, inner - first), workspace);
      if (++part == parts) {
        part = 0;
        next(place, base);
      }
    }
  }

  private void next(long[] place, long[] base) {
    for (int d = sizes.length - 1; d >= 0; d--) {
      place[d]++;
      if (place[d] < sizes[d]) {
        for (int k = 0; k < base.length; k++) {
          base[k] += strides[k][d];
        }
        return;
      }
      place[d] = 0;
      for (int k = 0; k < base.length; k++) {
        base[k] -= (sizes[d] - 1) * strides[k][d];
      }
    }
  }
}
