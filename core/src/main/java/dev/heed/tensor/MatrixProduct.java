package dev.heed.tensor;

import static dev.heed.tensor.kernel.FloatKernel.PANEL;
import static dev.heed.tensor.kernel.FloatKernel.ROWS;
import static dev.heed.tensor.kernel.FloatKernel.TILE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.Kernels;
import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workers;
import dev.heed.tensor.kernel.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Products of matrices in f32, which half precision is widened to: {@code C = f(A · B + bias)}.
 *
 * <p>Rows of {@code A} are laid out by {@link PackedRows} first, as many as {@link #PACKED} holds.
 * Then a task computes a block of {@code C} of at most {@link #BLOCK_ROWS} rows, panel by panel. It
 * goes over a panel's depth in steps of {@link #STEP}: that much of the block's rows and that much
 * of the panel lie in the second-level cache. Up to {@link #FEW} rows are multiplied one by one
 * instead, each panel being read once from front to back. Up to {@link #SEVERAL} rows are
 * multiplied as {@link Panels#several} does, where the weights allow it.
 */
final class MatrixProduct {
  private static final int BLOCK_ROWS = 128;
  private static final int STEP = 512;

  /** Floats of rows that are laid out at a time, unless one block has more. */
  private static final int PACKED = 1 << 19;

  /** Floats of rows that are laid out by one thread. */
  private static final int PACKED_ALONE = 1 << 17;

  /** Panels whose sums are written together: a row of them is worth a copy. */
  private static final int WRITTEN_PANELS = 8;

  private static final int FEW = 3;
  private static final int SEVERAL = 16;

  /** Panels of few rows that one thread multiplies at a time: the sums stay in its cache. */
  private static final int ALONE = 64;

  /**
   * What rows of sums lie further apart than they are long: a line of cache, since those of a power
   * of two compete for the same place in it.
   */
  private static final int APART = 16;

  /** Less work than this is not worth handing over. */
  private static final double SHARED_FLOPS = 2e5;

  private final int rows;
  private final Panels.Finish finish;
  private final FloatKernel kernel = Kernels.live().kernel();
  private final IntFunction<MatrixView> left;
  private final IntFunction<? extends Panels> right;
  private final IntFunction<MatrixView> result;
  private final int depth;
  private final int columns;
  private final int matrices;
  private final int panels;

  /**
   * Several products of one shape.
   *
   * @param left {@code A [rows, depth]} of each
   * @param right {@code B} of each
   * @param result {@code C [rows, columns]} of each, written
   */
  MatrixProduct(
      int matrices,
      int rows,
      int depth,
      int columns,
      IntFunction<MatrixView> left,
      IntFunction<? extends Panels> right,
      IntFunction<MatrixView> result,
      Panels.Finish finish) {
    this.matrices = matrices;
    this.rows = rows;
    this.depth = depth;
    this.columns = columns;
    this.panels = (columns + PANEL - 1) / PANEL;
    this.left = left;
    this.right = right;
    this.result = result;
    this.finish = finish;
  }

  /** Computes them all. */
  void run() {
    if (matrices == 0 || rows == 0 || columns == 0) {
      return;
    }
    double flops = 2.0 * matrices * rows * Math.max(1, depth) * columns;
    int threads = flops < SHARED_FLOPS ? 1 : JavaThreads.INSTANCE.count();
    boolean several = rows > FEW && rows <= SEVERAL && right.apply(0).takesSeveral();
    if (rows <= FEW || several) {
      withoutLayout(threads, several);
      return;
    }
    long start = Kernels.clock(flops); // few rows wait for memory, and say nothing of the vectors
    Workers.withScratch(w -> blocks(threads, Buffers.of(w)));
    Kernels.observe(flops, (Kernels.clock(flops) - start) / 1e9, threads);
  }

  private void withoutLayout(int threads, boolean several) {
    int group = groupOfFew(panels, threads);
    int groups = (panels + group - 1) / group;
    run(
        threads,
        matrices * groups,
        (t, w) -> {
          int first = t % groups * group;
          int end = Math.min(panels, first + group);
          if (several) {
            several(t / groups, first, end, w);
          } else {
            few(t / groups, first, end, w);
          }
        });
  }

  private static void run(int threads, int tasks, Workers.Task task) {
    if (threads == 1) {
      Workers.alone(tasks, task);
    } else {
      Teams.of(threads).run(tasks, task);
    }
  }

  /** Lays out as many blocks of rows as there is room for, and multiplies them. */
  private void blocks(int threads, Buffers shared) {
    int most = Math.max(ROWS, Math.min(BLOCK_ROWS, PACKED / Math.max(1, depth) / ROWS * ROWS));
    int ofMatrix = (rows + most - 1) / most;
    int all = matrices * ofMatrix;
    int size = PackedRows.padded(Math.min(rows, most)) * depth;
    int atOnce = Math.min(all, Math.max(1, PACKED / Math.max(1, size)));
    float[] packed = shared.floats(7, Math.multiplyExact(atOnce, size));
    int step = Math.max(STEP, right.apply(0).grain());
    for (int begun = 0; begun < all; begun += atOnce) {
      int first = begun;
      int count = Math.min(atOnce, all - first);
      run(
          (long) count * size < PACKED_ALONE ? 1 : threads,
          count,
          (t, w) -> {
            int row = (first + t) % ofMatrix * most;
            PackedRows.pack(
                left.apply((first + t) / ofMatrix),
                row,
                Math.min(most, rows - row),
                depth,
                step,
                packed,
                t * size,
                Buffers.of(w));
          });
      int group = groupOfBlocks(count, threads);
      int groups = (panels + group - 1) / group;
      run(
          threads,
          count * groups,
          (t, w) -> {
            int block = t % count;
            int row = (first + block) % ofMatrix * most;
            int panel = t / count * group;
            block(
                (first + block) / ofMatrix,
                row,
                Math.min(most, rows - row),
                panel,
                Math.min(panels, panel + group),
                packed,
                block * size,
                step,
                Buffers.of(w),
                w);
          });
    }
  }

  /** Panels of a task, so that each of several threads has a few tasks. */
  private int groupOfBlocks(int blocks, int threads) {
    int groups = threads == 1 ? 1 : (4 * threads + blocks - 1) / blocks;
    return Math.max(1, (panels + groups - 1) / groups);
  }

  /**
   * Panels of a task, so that each of several threads has a few tasks; each lays the rows out for
   * itself, so a thread alone makes few of them.
   */
  private static int groupOfFew(int panels, int threads) {
    if (threads == 1) {
      return Math.max(Math.min(panels, ALONE), panels / 4);
    }
    return Math.max(1, (panels + 4 * threads - 1) / (4 * threads));
  }

  private void few(int matrix, int firstPanel, int endPanel, Workspace w) {
    Buffers buffers = Buffers.of(w);
    float[] a = buffers.floats(0, Math.max(Walk.ROW, rows * depth));
    float[] spare = buffers.floats(3, depth);
    MatrixView matrixRows = left.apply(matrix);
    for (int i = 0; i < rows; i++) {
      matrixRows.row(i, 0, a, i * depth, depth, spare);
    }
    Panels from = right.apply(matrix);
    MatrixView into = result.apply(matrix);
    int stride = (endPanel - firstPanel) * PANEL;
    float[] c = buffers.floats(2, stride);
    int first = firstPanel * PANEL;
    int width = Math.min(columns, endPanel * PANEL) - first;
    for (int i = 0; i < rows; i++) {
      from.rows(kernel, a, i * depth, firstPanel, endPanel, c, w);
      write(c, 0, into, i, 1, first, width, buffers.floats(3, stride));
    }
  }

  private void several(int matrix, int firstPanel, int endPanel, Workspace w) {
    Buffers buffers = Buffers.of(w);
    int padded = (rows + TILE - 1) / TILE * TILE;
    int room = (rows + ROWS - 1) / ROWS * ROWS;
    int stride = (endPanel - firstPanel) * PANEL + APART;
    int first = firstPanel * PANEL;
    int width = Math.min(columns, endPanel * PANEL) - first;
    float[] a = buffers.floats(0, room * depth);
    float[] c = buffers.floats(2, room * stride);
    float[] spare = buffers.floats(3, Math.max(depth, stride));
    MatrixView from = left.apply(matrix);
    for (int i = 0; i < rows; i++) {
      from.row(i, 0, a, i * depth, depth, spare);
    }
    Arrays.fill(a, rows * depth, room * depth, 0);
    right.apply(matrix).several(kernel, padded, a, firstPanel, endPanel, c, stride, w);
    spare = buffers.floats(3, Math.max(depth, stride));
    write(c, stride, result.apply(matrix), 0, rows, first, width, spare);
  }

  private void block(
      int matrix,
      int first,
      int count,
      int firstPanel,
      int endPanel,
      float[] packed,
      int at,
      int step,
      Buffers buffers,
      Workspace w) {
    int padded = PackedRows.padded(count);
    Panels from = right.apply(matrix);
    MatrixView into = result.apply(matrix);
    int stride = Math.min(endPanel - firstPanel, WRITTEN_PANELS) * PANEL + APART;
    float[] b = buffers.floats(1, Math.min(step, depth) * PANEL);
    float[] c = buffers.floats(2, padded * stride);
    if (depth == 0) {
      Arrays.fill(c, 0, padded * stride, 0);
    }
    for (int begin = firstPanel; begin < endPanel; begin += WRITTEN_PANELS) {
      int end = Math.min(endPanel, begin + WRITTEN_PANELS);
      for (int p = begin; p < end; p++) {
        for (int l = 0; l < depth; l += step) {
          int numbers = Math.min(step, depth - l);
          float[] part = from.part(kernel, p, l, numbers, b, w);
          int a = at + PackedRows.start(padded, l);
          int ct = (p - begin) * PANEL;
          kernel.product(padded, numbers, packed, a, part, from.start(p, l), c, ct, stride, l > 0);
        }
      }
      int column = begin * PANEL;
      int width = Math.min(columns, end * PANEL) - column;
      write(c, stride, into, first, count, column, width, buffers.floats(3, stride));
    }
  }

  /** Finishes part of several rows and writes it. */
  private void write(
      float[] c,
      int stride,
      MatrixView into,
      int first,
      int count,
      int column,
      int width,
      float[] spare) {
    boolean asFloats = into.type() == DType.F32 && into.across() == 1;
    MemorySegment data = into.data();
    for (int i = 0; i < count; i++) {
      finish.apply(kernel, c, i * stride, column, width);
      if (asFloats) {
        long at = Float.BYTES * into.at(first + i, column);
        MemorySegment.copy(c, i * stride, data, JAVA_FLOAT_UNALIGNED, at, width);
      } else {
        System.arraycopy(c, i * stride, spare, 0, width);
        long at = into.at(first + i, column);
        Elements.store(spare, data, into.type(), at, into.across(), width);
      }
    }
  }
}
