package dev.heed.tensor;

import static dev.heed.tensor.kernel.FloatKernel.PANEL;
import static dev.heed.tensor.kernel.FloatKernel.TILE;
import static dev.heed.tensor.kernel.FloatKernel.TILE_SUMS;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.FloatFunction;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.MemoryType;
import dev.heed.tensor.kernel.Workspace;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The right side of a product, {@code [depth, columns]}, as panels of {@link FloatKernel#PANEL}
 * columns: laid out once for many products, or read out of a matrix as they are needed.
 */
abstract sealed class Panels
    permits Panels.Floats, Panels.HalfFloats, LazyPanels, StoredPanels, RepackedPanels {
  final int depth;
  final int columns;

  Panels(int depth, int columns) {
    this.depth = depth;
    this.columns = columns;
  }

  /** How many there are; the last one ends in zeros. */
  final int count() {
    return (columns + PANEL - 1) / PANEL;
  }

  /** Read as they are needed: stored blocks as they lie where that is possible. */
  static Panels of(MatrixView matrix, int depth, int columns) {
    Panels stored = StoredPanels.of(matrix, depth, columns);
    return stored == null ? new LazyPanels(matrix, depth, columns) : stored;
  }

  /**
   * Multiplies one row by panels, over the whole depth.
   *
   * @param a from {@code at} on the row
   * @param c gets the panels' columns one after the other
   */
  void rows(FloatKernel kernel, float[] a, int at, int first, int end, float[] c, Workspace w) {
    for (int p = first; p < end; p++) {
      row(kernel, a, at, p, c, (p - first) * PANEL, w);
    }
  }

  /** Multiplies one row by a panel, over the whole depth. */
  abstract void row(
      FloatKernel kernel, float[] a, int at, int panel, float[] c, int ct, Workspace workspace);

  /** Whether {@link #several} multiplies a few rows faster than part by part. */
  boolean takesSeveral() {
    return false;
  }

  /**
   * Multiplies several rows by panels, over the whole depth.
   *
   * @param rows a multiple of {@link FloatKernel#TILE}; {@code a} and {@code c} have room for a
   *     multiple of {@link FloatKernel#ROWS}, and {@code a} ends in zeros
   * @param c gets the panels' columns, rows {@code stride} apart
   * @throws UnsupportedOperationException unless {@link #takesSeveral}
   */
  void several(
      FloatKernel kernel,
      int rows,
      float[] a,
      int first,
      int end,
      float[] c,
      int stride,
      Workspace w) {
    byColumns(kernel, rows, a, first, 0, end, c, stride, w);
  }

  /** Multiplies several rows by columns from one on, read as floats four by four. */
  private void byColumns(
      FloatKernel kernel,
      int rows,
      float[] a,
      int first,
      int from,
      int end,
      float[] c,
      int stride,
      Workspace w) {
    int width = Math.min(columns, end * PANEL) - first * PANEL;
    float[] b = Buffers.of(w).floats(1, TILE * depth);
    float[] sums = Buffers.of(w).floats(3, TILE_SUMS);
    for (int j = from; j < width; j += TILE) {
      columns(first * PANEL + j, Math.min(TILE, width - j), b, w);
      kernel.tiles(rows, TILE, depth, a, b, c, j, stride, sums);
    }
  }

  /**
   * {@link #several} for columns that are rows in memory: four at a time, a quarter of all apart,
   * since the processor fetches rows ahead of time from pages of their own.
   *
   * @param at the first panel's first row, in bytes
   * @param rowBytes from row to row
   */
  final void inMemory(
      FloatKernel kernel,
      int rows,
      float[] a,
      MemorySegment data,
      long at,
      long rowBytes,
      MemoryType type,
      int first,
      int end,
      float[] c,
      int stride,
      Workspace w) {
    int quarter = (Math.min(columns, end * PANEL) - first * PANEL) / TILE;
    float[] sums = Buffers.of(w).floats(3, TILE_SUMS);
    for (int j = 0; j < quarter; j++) {
      kernel.tilesInMemory(
          rows,
          depth,
          a,
          data,
          at + j * rowBytes,
          quarter * rowBytes,
          type,
          c,
          j,
          stride,
          quarter,
          sums);
    }
    byColumns(kernel, rows, a, first, quarter * TILE, end, c, stride, w);
  }

  /**
   * Columns as floats, each over the whole depth, one after the other.
   *
   * @throws UnsupportedOperationException where a panel's columns are not rows somewhere
   */
  void columns(int first, int count, float[] into, Workspace w) {
    throw new UnsupportedOperationException("panels are read by parts");
  }

  /** How far parts may begin from each other: what divides it must divide their numbers, too. */
  int grain() {
    return 1;
  }

  /** The row as an array of its own, as kernels take it. */
  static float[] alone(float[] a, int at, int depth, Workspace w) {
    if (at == 0) {
      return a;
    }
    float[] x = Buffers.of(w).floats(1, depth);
    System.arraycopy(a, at, x, 0, depth);
    return x;
  }

  /**
   * Part of a panel as floats.
   *
   * @param into room for it, where it does not lie in an array already
   */
  abstract float[] part(
      FloatKernel kernel, int panel, int from, int count, float[] into, Workspace w);

  /** Where in the array that {@link #part} gave the part begins. */
  abstract int start(int panel, int from);

  /** Panels in f32. */
  static final class Floats extends Panels {
    private final float[] values;

    Floats(MatrixView b, int depth, int columns) {
      super(depth, columns);
      values = new float[Math.multiplyExact(count(), Math.multiplyExact(depth, PANEL))];
      for (int p = 0; p < count(); p++) {
        read(b, depth, columns, p, 0, depth, values, p * depth * PANEL);
      }
    }

    @Override
    void row(FloatKernel kernel, float[] a, int at, int panel, float[] c, int ct, Workspace w) {
      kernel.rowProduct(depth, a, at, values, start(panel, 0), c, ct, false);
    }

    @Override
    float[] part(FloatKernel kernel, int panel, int from, int count, float[] into, Workspace w) {
      return values;
    }

    @Override
    int start(int panel, int from) {
      return (panel * depth + from) * PANEL;
    }
  }

  /** Panels in bf16, half as large. */
  static final class HalfFloats extends Panels {
    private final short[] values;

    HalfFloats(MatrixView b, int depth, int columns) {
      super(depth, columns);
      values = new short[Math.multiplyExact(count(), Math.multiplyExact(depth, PANEL))];
      float[] panel = new float[depth * PANEL];
      for (int p = 0; p < count(); p++) {
        read(b, depth, columns, p, 0, depth, panel, 0);
        for (int i = 0; i < panel.length; i++) {
          values[p * panel.length + i] = (short) (Float.floatToRawIntBits(panel[i]) >>> Short.SIZE);
        }
      }
    }

    @Override
    void row(FloatKernel kernel, float[] a, int at, int panel, float[] c, int ct, Workspace w) {
      kernel.rowProductBf16(depth, a, at, values, panel * depth * PANEL, c, ct, false);
    }

    @Override
    float[] part(FloatKernel kernel, int panel, int from, int count, float[] into, Workspace w) {
      kernel.widen(values, (panel * depth + from) * PANEL, into, 0, count * PANEL);
      return into;
    }

    @Override
    int start(int panel, int from) {
      return 0;
    }
  }

  /** Reads part of a panel out of a matrix. */
  static void read(
      MatrixView b, int depth, int columns, int panel, int from, int count, float[] into, int to) {
    int first = panel * PANEL;
    int width = Math.min(PANEL, columns - first);
    if (width < PANEL) {
      Arrays.fill(into, to, to + count * PANEL, 0);
    }
    if (Math.abs(b.across()) <= Math.abs(b.down())) {
      for (int l = 0; l < count; l++) {
        b.row(from + l, first, into, to + l * PANEL, width);
      }
      return;
    }
    float[] column = new float[count];
    for (int j = 0; j < width; j++) {
      Elements.load(b.data(), b.type(), b.at(from, first + j), b.down(), column, count);
      for (int l = 0; l < count; l++) {
        into[to + l * PANEL + j] = column[l];
      }
    }
  }

  /**
   * What a product does with each row before it is written.
   *
   * @param bias added, from {@code first} on
   */
  record Finish(float @Nullable [] bias, int first, PackedLinear.Then then) {
    static final Finish NONE = new Finish(null, 0, PackedLinear.Then.NOTHING);

    /**
     * Finishes part of a row.
     *
     * @param c from {@code at} on the sums
     * @param column of the first of them
     */
    void apply(FloatKernel kernel, float[] c, int at, int column, int width) {
      if (bias != null) {
        int from = first + column;
        for (int j = 0; j < width; j++) {
          c[at + j] += bias[from + j];
        }
      }
      switch (then) {
        case NOTHING -> {}
        case RELU -> {
          for (int j = at; j < at + width; j++) {
            c[j] = Math.max(c[j], 0);
          }
        }
        case GELU -> kernel.apply(FloatFunction.GELU, c, at, width);
        case GELU_TANH -> kernel.apply(FloatFunction.GELU_TANH, c, at, width);
        case SILU -> kernel.apply(FloatFunction.SILU, c, at, width);
        case TANH -> kernel.apply(FloatFunction.TANH, c, at, width);
        case SIGMOID -> kernel.apply(FloatFunction.SIGMOID, c, at, width);
      }
    }
  }
}
