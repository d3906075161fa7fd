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
    int exponent = NibbleSums.exponent(x, depth);
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
    float back = Math.scalb(1f, -NibbleSums.UNIT);
    float size = Math.scalb(1f, exponent);
    for (int i = 0; i < (end - first) * PANEL; i++) {
      c[i] = c[i] * back * size;
    }
  }

  @Override
  public void decode(int panel, int from, int count, float[] into, Buffers buffers) {
    float[] room = buffers.floats(SUMS, 2 * PANEL);
    int start = panels.start(panel);
    for (int l = 0; l < count; l += GROUP) {
      int group = (from + l) / GROUP;
      NibbleScales.group(panels, panel, group, room);
      NibbleScales.decode(
          panels.numbers, start + group * NibblePanels.GROUP_INTS, room, into, l * PANEL);
    }
  }
}
