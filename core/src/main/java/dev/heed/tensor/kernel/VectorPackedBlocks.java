package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatKernel.PANEL;

import java.lang.foreign.MemorySegment;

/** {@link NibblePanels} by the Vector API, and the rows that they were made of by plain loops. */
final class VectorPackedBlocks implements PackedBlocks {
  /** Scratch for the factors, and for the groups' sums or scales. */
  private static final int FACTORS = 4;

  private static final int SUMS = 6;

  private static final int OFF = 7;

  private final BlockFormat format;
  private final MemorySegment w;
  private final long at;
  private final long rowBytes;
  private final int columns;
  private final NibblePanels panels;
  private final LayoutWatch watch;
  private final BlockKernel plain;
  private final BlockProducts byVectors;

  VectorPackedBlocks(
      BlockFormat format,
      MemorySegment w,
      long at,
      long rowBytes,
      int columns,
      NibblePanels panels,
      LayoutWatch watch,
      BlockKernel plain) {
    this.format = format;
    this.w = w;
    this.at = at;
    this.rowBytes = rowBytes;
    this.columns = columns;
    this.panels = panels;
    this.watch = watch;
    this.plain = plain;
    byVectors =
        (ofFormat, x, sums, rows, from, apart, depth, out, to, count, buffers) ->
            products(x, sums, 0, 1, out, buffers);
  }

  @Override
  public void multiply(float[] x, float[] sums, int first, int end, float[] c, Buffers buffers) {
    watch.look(byVectors, format, x, sums, w, at, rowBytes, panels.depth, PANEL, buffers);
    if (watch.isLeft()) {
      int column = first * PANEL;
      int count = Math.min(end * PANEL, columns) - column;
      plain.dots(
          format, x, sums, w, at + column * rowBytes, rowBytes, panels.depth, c, 0, count, buffers);
    } else {
      products(x, sums, first, end, c, buffers);
    }
  }

  private void products(float[] x, float[] sums, int first, int end, float[] c, Buffers buffers) {
    int depth = panels.depth;
    int groups = depth / GROUP;
    int exponent = NibbleSums.exponent(x, 0, depth);
    float[] factors = buffers.floats(FACTORS, depth);
    NibbleSums.spread(x, depth, exponent, factors);
    boolean isQ4 = panels.layout == BlockFormat.Layout.Q4_0;
    float[] off = buffers.floats(OFF, groups);
    float smaller = Math.scalb(1f, -exponent);
    float unit = Math.scalb(isQ4 ? NibbleScales.OFF_Q4 : NibbleScales.OFF_Q4K, NibbleSums.UNIT);
    for (int g = 0; g < groups; g++) {
      off[g] = sums[g] * smaller * unit;
    }
    float[] room = buffers.floats(SUMS, groups * PANEL);
    for (int panel = first, to = 0; panel < end; panel++, to += PANEL) {
      NibbleSums.multiply(depth, factors, panels.numbers, panels.start(panel), room);
      int head = panel * panels.headInts();
      if (isQ4) {
        NibbleScales.q4(groups, room, off, panels.heads, head, c, to);
      } else {
        NibbleScales.q4k(groups, room, off, panels.heads, head, c, to);
      }
    }
    toSize(c, 0, (end - first) * PANEL, exponent);
  }

  @Override
  public void multiply(
      int rows, float[] x, int first, int end, float[] c, int ldc, Buffers buffers) {
    int groups = panels.depth / GROUP;
    float[] beside = buffers.floats(FACTORS, panels.depth * NibbleTiles.ROWS);
    float[] groupSums = buffers.floats(OFF, groups * NibbleTiles.ROWS);
    float[] heads = buffers.floats(SUMS, groups * 2 * PANEL);
    int[] exponents = new int[NibbleTiles.ROWS];
    for (int i = 0; i < rows; i += NibbleTiles.ROWS) {
      beside(x, i, exponents, beside, groupSums);
      for (int panel = first; panel < end; panel++) {
        NibbleScales.read(panels, panel, heads);
        NibbleTiles.multiply(
            groups,
            beside,
            groupSums,
            panels.numbers,
            panels.start(panel),
            heads,
            c,
            i * ldc + (panel - first) * PANEL,
            ldc);
      }
      for (int r = 0; r < NibbleTiles.ROWS; r++) {
        toSize(c, (i + r) * ldc, (end - first) * PANEL, exponents[r]);
      }
    }
  }

  /**
   * Lays eight rows beside each other, to the unit that the loops take.
   *
   * @param exponents gets the power of two that each row was divided by
   */
  private void beside(float[] x, int row, int[] exponents, float[] beside, float[] groupSums) {
    int depth = panels.depth;
    int groups = depth / GROUP;
    float unit = Math.scalb(1f, NibbleSums.UNIT);
    for (int r = 0; r < NibbleTiles.ROWS; r++) {
      exponents[r] = NibbleSums.exponent(x, (row + r) * depth, depth);
    }
    for (int g = 0; g < groups; g++) {
      for (int r = 0; r < NibbleTiles.ROWS; r++) {
        int at = (row + r) * depth + g * GROUP;
        float factor = Math.scalb(1f, NibbleSums.FACTOR_EXPONENT - exponents[r]);
        for (int l = 0; l < GROUP; l++) {
          beside[(g * GROUP + l) * NibbleTiles.ROWS + r] = x[at + l] * factor;
        }
        float smaller = Math.scalb(1f, -exponents[r]);
        groupSums[g * NibbleTiles.ROWS + r] = NibbleSums.sum(x, at) * smaller * unit;
      }
    }
  }

  private static void toSize(float[] c, int from, int count, int exponent) {
    float back = Math.scalb(1f, -NibbleSums.UNIT);
    float size = Math.scalb(1f, exponent);
    for (int i = from; i < from + count; i++) {
      c[i] = c[i] * back * size;
    }
  }

  @Override
  public void decode(int panel, int from, int count, float[] into, Buffers buffers) {
    float[] heads = buffers.floats(SUMS, panels.depth / GROUP * 2 * PANEL);
    NibbleScales.read(panels, panel, heads);
    int start = panels.start(panel);
    for (int l = 0; l < count; l += GROUP) {
      int group = (from + l) / GROUP;
      NibbleScales.decode(
          panels.numbers, start + group * NibblePanels.GROUP_INTS, heads, group, into, l * PANEL);
    }
  }
}
