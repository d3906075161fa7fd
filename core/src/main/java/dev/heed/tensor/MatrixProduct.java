package dev.heed.tensor;

import static dev.heed.tensor.kernel.FloatKernel.PANEL;
import static dev.heed.tensor.kernel.FloatKernel.ROWS;
import static dev.heed.tensor.kernel.FloatKernel.TILE;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.Kernels;
import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workers;
import dev.heed.tensor.kernel.Workspace;
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
    int group = groupOfFew(threads);
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

  /** Some rows of one matrix. */
  private record Block(int matrix, int first, int count) {}

  private Block block(int index, int most) {
    int ofMatrix = (rows + most - 1) / most;
    int first = index % ofMatrix * most;
    return new Block(index / ofMatrix, first, Math.min(most, rows - first));
  }

  /** Lays out as many blocks of rows as there is room for, and multiplies them. */
  private void blocks(int threads, Buffers shared) {
    int most = Math.max(ROWS, Math.min(BLOCK_ROWS, PACKED / Math.max(1, depth) / ROWS * ROWS));
    int all = matrices * ((rows + most - 1) / most);
    int size = Math.multiplyExact(PackedRows.padded(Math.min(rows, most)), depth);
    int atOnce = Math.min(all, Math.max(1, PACKED / Math.max(1, size)));
    float[] packed = shared.floats(7, atOnce * size);
    int step = Math.max(STEP, right.apply(0).grain());
    for (int begun = 0; begun < all; begun += atOnce) {
      int first = begun;
      int count = Math.min(atOnce, all - first);
      run(
          count * size < PACKED_ALONE ? 1 : threads,
          count,
          (t, w) -> {
            Block block = block(first + t, most);
            MatrixView from = left.apply(block.matrix);
            PackedRows.pack(
                from, block.first, block.count, depth, step, packed, t * size, Buffers.of(w));
          });
      int group = groupOfPanels(count, threads);
      int groups = (panels + group - 1) / group;
      run(
          threads,
          count * groups,
          (t, w) -> {
            int place = t % count;
            int panel = t / count * group;
            int end = Math.min(panels, panel + group);
            multiply(block(first + place, most), panel, end, packed, place * size, step, w);
          });
    }
  }

  /** Panels of a task of one of some blocks, so that each of several threads has a few tasks. */
  private int groupOfPanels(int blocks, int threads) {
    int groups = threads == 1 ? 1 : (4 * threads + blocks - 1) / blocks;
    return (panels + groups - 1) / groups;
  }

  /** As {@link #groupOfPanels}; each lays the rows out for itself, so one alone makes few tasks. */
  private int groupOfFew(int threads) {
    return threads == 1 ? Math.max(Math.min(panels, ALONE), panels / 4) : groupOfPanels(1, threads);
  }

  private void few(int matrix, int firstPanel, int endPanel, Workspace w) {
    Buffers buffers = Buffers.of(w);
    float[] a = buffers.floats(0, Math.max(Walk.ROW, rows * depth));
    rowsOf(matrix, a);
    Panels from = right.apply(matrix);
    float[] c = buffers.floats(2, (endPanel - firstPanel) * PANEL);
    for (int i = 0; i < rows; i++) {
      from.rows(kernel, a, i * depth, firstPanel, endPanel, c, w);
      write(c, 0, new Block(matrix, i, 1), firstPanel, endPanel);
    }
  }

  private void several(int matrix, int firstPanel, int endPanel, Workspace w) {
    Buffers buffers = Buffers.of(w);
    int padded = (rows + TILE - 1) / TILE * TILE;
    int room = PackedRows.padded(rows);
    int stride = (endPanel - firstPanel) * PANEL + APART;
    float[] a = buffers.floats(0, room * depth);
    float[] c = buffers.floats(2, room * stride);
    rowsOf(matrix, a);
    Arrays.fill(a, rows * depth, room * depth, 0);
    right.apply(matrix).several(kernel, padded, a, firstPanel, endPanel, c, stride, w);
    write(c, stride, new Block(matrix, 0, rows), firstPanel, endPanel);
  }

  private void rowsOf(int matrix, float[] into) {
    MatrixView from = left.apply(matrix);
    for (int i = 0; i < rows; i++) {
      from.row(i, 0, into, i * depth, depth);
    }
  }

  /** Multiplies a block, which is laid out from {@code at} on, by panels. */
  private void multiply(
      Block block, int firstPanel, int endPanel, float[] packed, int at, int step, Workspace w) {
    Buffers buffers = Buffers.of(w);
    int padded = PackedRows.padded(block.count);
    Panels from = right.apply(block.matrix);
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
      write(c, stride, block, begin, end);
    }
  }

  /** Finishes a block's sums of some panels and writes them. */
  private void write(float[] c, int stride, Block block, int firstPanel, int endPanel) {
    int column = firstPanel * PANEL;
    int width = Math.min(columns, endPanel * PANEL) - column;
    MatrixView into = result.apply(block.matrix);
    for (int i = 0; i < block.count; i++) {
      finish.apply(kernel, c, i * stride, column, width);
      into.write(block.first + i, column, c, i * stride, width);
    }
  }
}
