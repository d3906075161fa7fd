package dev.heed.tensor;

import static dev.heed.tensor.kernel.FloatKernel.PANEL;
import static dev.heed.tensor.kernel.FloatKernel.ROWS;
import static dev.heed.tensor.kernel.FloatKernel.TILE;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.FloatFunction;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.Kernels;
import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workers;
import dev.heed.tensor.kernel.Workspace;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Products of matrices in f32, which half precision is widened to: {@code C = f(A · B + bias)}.
 *
 * <p>A task computes a block of {@code C} of at most {@link #BLOCK_ROWS} × {@link #BLOCK_PANELS}
 * panels. It goes over the depth in steps of {@link #STEP}: that much of the block's rows of {@code
 * A} is copied to an array, which the second-level cache holds, and multiplied by that much of one
 * panel of {@code B} after the other, which the first-level cache holds. Up to {@link #FEW} rows
 * are multiplied one by one instead, each panel being read once from front to back. Up to {@link
 * #SEVERAL} rows are multiplied as {@link Panels#several} does, where the weights allow it.
 */
final class MatrixProduct {
  private static final int BLOCK_ROWS = 128;
  private static final int BLOCK_PANELS = 8;
  private static final int STEP = 128;
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
    int panels = (columns + PANEL - 1) / PANEL;
    boolean several = rows > FEW && rows <= SEVERAL && right.apply(0).takesSeveral();
    int blockPanels = rows <= FEW || several ? groupOfFew(panels, threads) : BLOCK_PANELS;
    int rowBlocks = (rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    int columnBlocks = (panels + blockPanels - 1) / blockPanels;
    int blocks = rowBlocks * columnBlocks;
    Workers.Task task =
        (t, w) -> {
          int matrix = t / blocks;
          int block = t % blocks;
          int firstPanel = block / rowBlocks * blockPanels;
          int endPanel = Math.min(panels, firstPanel + blockPanels);
          if (rows <= FEW) {
            few(matrix, firstPanel, endPanel, w);
          } else if (several) {
            several(matrix, firstPanel, endPanel, w);
          } else {
            int first = block % rowBlocks * BLOCK_ROWS;
            block(matrix, first, Math.min(BLOCK_ROWS, rows - first), firstPanel, endPanel, w);
          }
        };
    boolean telling = rows > FEW; // few rows wait for memory, and say nothing of the vectors
    long start = telling ? Kernels.clock(flops) : 0;
    if (threads == 1) {
      Workers.alone(matrices * blocks, task);
    } else {
      Teams.of(threads).run(matrices * blocks, task);
    }
    if (telling) {
      Kernels.observe(flops, (Kernels.clock(flops) - start) / 1e9, threads);
    }
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
    MatrixView from = left.apply(matrix);
    for (int i = 0; i < rows; i++) {
      from.row(i, 0, a, i * depth, depth, spare);
    }
    Panels panels = right.apply(matrix);
    MatrixView into = result.apply(matrix);
    float[] c = buffers.floats(2, (endPanel - firstPanel) * PANEL);
    int first = firstPanel * PANEL;
    int width = Math.min(columns, endPanel * PANEL) - first;
    for (int i = 0; i < rows; i++) {
      panels.rows(kernel, a, i * depth, firstPanel, endPanel, c, w);
      write(c, 0, into, i, first, width);
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

  private void block(int matrix, int first, int count, int firstPanel, int endPanel, Workspace w) {
    Buffers buffers = Buffers.of(w);
    int padded = (count + ROWS - 1) / ROWS * ROWS;
    int stride = (endPanel - firstPanel) * PANEL;
    MatrixView from = left.apply(matrix);
    Panels panels = right.apply(matrix);
    int most = Math.max(STEP, panels.grain());
    float[] a = buffers.floats(0, BLOCK_ROWS * most);
    float[] b = buffers.floats(1, most * PANEL);
    float[] c = buffers.floats(2, padded * stride);
    float[] spare = buffers.floats(3, Math.max(most, stride));
    if (depth == 0) {
      Arrays.fill(c, 0, padded * stride, 0);
    }
    for (int l = 0; l < depth; l += most) {
      int step = Math.min(most, depth - l);
      for (int i = 0; i < count; i++) {
        from.row(first + i, l, a, i * step, step, spare);
      }
      Arrays.fill(a, count * step, padded * step, 0);
      for (int p = firstPanel; p < endPanel; p++) {
        float[] part = panels.part(kernel, p, l, step, b, w);
        int at = panels.start(p, l);
        int ct = (p - firstPanel) * PANEL;
        kernel.product(padded, step, a, 0, step, part, at, c, ct, stride, l > 0);
      }
    }
    int begin = firstPanel * PANEL;
    int width = Math.min(columns, endPanel * PANEL) - begin;
    write(c, stride, result.apply(matrix), first, count, begin, width, spare);
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
    for (int i = 0; i < count; i++) {
      if (i == 0) {
        write(c, 0, into, first, column, width);
      } else {
        System.arraycopy(c, i * stride, spare, 0, width);
        write(spare, 0, into, first + i, column, width);
      }
    }
  }

  /** Finishes part of a row and writes it. */
  private void write(float[] c, int at, MatrixView into, int row, int first, int width) {
    float @Nullable [] bias = finish.bias();
    if (bias != null) {
      for (int j = 0; j < width; j++) {
        c[at + j] += bias[finish.first() + first + j];
      }
    }
    switch (finish.then()) {
      case NOTHING -> {}
      case RELU -> FloatElements.unary(ElementOperators.Unary.RELU, c, width);
      case GELU -> kernel.apply(FloatFunction.GELU, c, at, width);
      case GELU_TANH -> kernel.apply(FloatFunction.GELU_TANH, c, at, width);
      case SILU -> kernel.apply(FloatFunction.SILU, c, at, width);
      case TANH -> kernel.apply(FloatFunction.TANH, c, at, width);
      case SIGMOID -> kernel.apply(FloatFunction.SIGMOID, c, at, width);
    }
    Elements.store(c, into.data(), into.type(), into.at(row, first), into.across(), width);
  }
}
