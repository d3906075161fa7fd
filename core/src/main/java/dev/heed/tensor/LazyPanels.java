package dev.heed.tensor;

import static dev.heed.tensor.kernel.FloatKernel.PANEL;

import dev.heed.tensor.kernel.BlockFormat;
import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.Kernels;
import dev.heed.tensor.kernel.MemoryType;
import dev.heed.tensor.kernel.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Panels of a matrix that are read as they are needed. */
final class LazyPanels extends Panels {
  private final MatrixView matrix;

  LazyPanels(MatrixView matrix, int depth, int columns) {
    super(depth, columns);
    this.matrix = matrix;
  }

  /** Straight from memory, where rows of the transposed matrix lie there without gaps. */
  private boolean readsRows() {
    return matrix.down() == 1 && (matrix.type() == DType.F32 || matrix.type() == DType.BF16);
  }

  @Override
  boolean takesSeveral() {
    return readsRows();
  }

  @Override
  void several(
      FloatKernel kernel,
      int rows,
      float[] a,
      int first,
      int end,
      float[] c,
      int stride,
      Workspace w) {
    int bytes = matrix.type().bytes();
    inMemory(
        kernel,
        rows,
        a,
        matrix.data(),
        matrix.at(0, first * PANEL) * bytes,
        matrix.across() * bytes,
        matrix.type() == DType.BF16 ? MemoryType.BF16 : MemoryType.F32,
        first,
        end,
        c,
        stride,
        w);
  }

  @Override
  void columns(int first, int count, float[] into, Workspace w) {
    MemorySegment data = matrix.data();
    int bytes = matrix.type().bytes();
    for (int j = 0; j < count; j++) {
      long at = matrix.at(0, first + j) * bytes;
      if (matrix.type() == DType.F32) {
        MemorySegment.copy(data, ValueLayout.JAVA_FLOAT_UNALIGNED, at, into, j * depth, depth);
      } else {
        Kernels.live()
            .kernel()
            .blocks()
            .decode(BlockFormat.BF16, data, at, into, j * depth, depth, Buffers.of(w));
      }
    }
  }

  @Override
  void rows(FloatKernel kernel, float[] a, int at, int first, int end, float[] c, Workspace w) {
    if (!readsRows()) {
      super.rows(kernel, a, at, first, end, c, w);
      return;
    }
    float[] x = alone(a, at, depth, w);
    int column = first * PANEL;
    int count = Math.min(end * PANEL, columns) - column;
    int bytes = matrix.type().bytes();
    long from = matrix.at(0, column) * bytes;
    long rowBytes = matrix.across() * bytes;
    if (matrix.type() == DType.F32) {
      kernel.dots(x, matrix.data(), from, rowBytes, depth, c, 0, count);
    } else {
      kernel.dotsBf16(x, matrix.data(), from, rowBytes, depth, c, 0, count);
    }
  }

  @Override
  void row(FloatKernel kernel, float[] a, int at, int panel, float[] c, int ct, Workspace w) {
    float[] room = Buffers.of(w).floats(1, depth * PANEL);
    read(matrix, depth, columns, panel, 0, depth, room, 0);
    kernel.rowProduct(depth, a, at, room, 0, c, ct, false);
  }

  @Override
  float[] part(FloatKernel kernel, int panel, int from, int count, float[] into, Workspace w) {
    read(matrix, depth, columns, panel, from, count, into, 0);
    return into;
  }

  @Override
  int start(int panel, int from) {
    return 0;
  }
}
