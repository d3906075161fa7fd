package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatKernel.PANEL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of 4-bit blocks ({@code Q4_0}, {@code Q4_K}) as columns beside each other: an int holds
 * eight numbers of one column, which follow each other in depth, the first in the lowest bits. So a
 * vector of ints holds numbers of as many columns, each is multiplied by one factor, and no sum
 * goes over lanes.
 *
 * <p>What groups of 32 numbers have in common lies apart, in {@link #heads}, per panel:
 *
 * <ul>
 *   <li>{@code Q4_0}, a group: 16 ints, the scale of column {@code i} as the half in the lower bits
 *       of int {@code i}, that of column {@code 16 + i} in the upper ones.
 *   <li>{@code Q4_K}, eight groups: 32 ints of two halves, the scale of scales (low) and that of
 *       minima; then for each two groups 32 ints of four bytes: the even group's scale and minimum,
 *       the odd one's.
 * </ul>
 */
final class NibblePanels {
  /** Numbers in an int. */
  static final int STEP = 8;

  /** Ints of a group: those of all columns, step by step. */
  static final int GROUP_INTS = PackedBlocks.GROUP / STEP * PANEL;

  private static final int HALF = PANEL / 2;
  private static final long LOWER = 0x0f0f0f0f0f0f0f0fL;
  private static final int HALF_EXPONENT = 0x7c00;

  final BlockFormat.Layout layout;
  final int depth;
  final int[] numbers;
  final int[] heads;
  private boolean finite = true;

  private NibblePanels(BlockFormat.Layout layout, int depth, int columns) {
    this.layout = layout;
    this.depth = depth;
    int panels = panels(columns);
    numbers = new int[Math.multiplyExact(panels, depth / STEP * PANEL)];
    heads = new int[Math.multiplyExact(panels, headInts())];
  }

  /** Whether rows in this layout can lie so. */
  static boolean takes(BlockFormat.Layout layout) {
    return layout == BlockFormat.Layout.Q4_0 || layout == BlockFormat.Layout.Q4_K;
  }

  /** Bytes that they then take. */
  static long bytes(int depth, int columns) {
    return (long) panels(columns) * PANEL * depth / 2 * 9 / 8;
  }

  private static int panels(int columns) {
    return (columns + PANEL - 1) / PANEL;
  }

  /** Ints of heads in a panel. */
  int headInts() {
    return layout == BlockFormat.Layout.Q4_0
        ? depth / PackedBlocks.GROUP * HALF
        : depth / 256 * 5 * PANEL;
  }

  /** Where a panel's numbers begin. */
  int start(int panel) {
    return panel * (depth / STEP * PANEL);
  }

  /**
   * Lays rows out.
   *
   * @param w holds them
   * @param at the first, in bytes
   * @param rowBytes from row to row
   */
  static NibblePanels of(
      BlockFormat.Layout layout, MemorySegment w, long at, long rowBytes, int depth, int columns) {
    NibblePanels panels = new NibblePanels(layout, depth, columns);
    int count = panels(columns);
    for (int panel = 0; panel < count; panel++) {
      for (int j = 0; j < Math.min(PANEL, columns - panel * PANEL); j++) {
        long row = at + (panel * PANEL + j) * rowBytes;
        if (layout == BlockFormat.Layout.Q4_0) {
          panels.q4(w, row, panel, j);
        } else {
          panels.q4k(w, row, panel, j);
        }
      }
    }
    return panels;
  }

  /** Whether every scale is a finite number: products with others are left to other loops. */
  boolean isFinite() {
    return finite;
  }

  private int half(MemorySegment w, long at) {
    int bits = w.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
    finite &= (bits & HALF_EXPONENT) != HALF_EXPONENT;
    return bits;
  }

  private void q4(MemorySegment w, long row, int panel, int column) {
    int to = start(panel) + column;
    int head = panel * headInts() + column % HALF;
    long at = row;
    for (int g = 0; g < depth / 32; g++, at += 18, to += GROUP_INTS, head += HALF) {
      heads[head] |= half(w, at) << (column < HALF ? 0 : Short.SIZE);
      long first = w.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 2);
      long second = w.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 10);
      numbers[to] = (int) Long.compress(first, LOWER);
      numbers[to + PANEL] = (int) Long.compress(second, LOWER);
      numbers[to + 2 * PANEL] = (int) Long.compress(first, LOWER << 4);
      numbers[to + 3 * PANEL] = (int) Long.compress(second, LOWER << 4);
    }
  }

  private void q4k(MemorySegment w, long row, int panel, int column) {
    int to = start(panel) + column;
    int head = panel * headInts() + column;
    long at = row;
    for (int b = 0; b < depth / 256; b++, at += 144, head += 5 * PANEL) {
      heads[head] = half(w, at) | half(w, at + 2) << Short.SIZE;
      long scales = BlockLanes.scales(w, at + 4);
      long minima = BlockLanes.minima(w, at + 4);
      for (int pair = 0; pair < 4; pair++, to += 2 * GROUP_INTS) {
        heads[head + (1 + pair) * PANEL] =
            BlockLanes.of(scales, 2 * pair)
                | BlockLanes.of(minima, 2 * pair) << 8
                | BlockLanes.of(scales, 2 * pair + 1) << 16
                | BlockLanes.of(minima, 2 * pair + 1) << 24;
        for (int i = 0; i < 4; i++) {
          long eight = w.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 16 + 32 * pair + STEP * i);
          numbers[to + i * PANEL] = (int) Long.compress(eight, LOWER);
          numbers[to + GROUP_INTS + i * PANEL] = (int) Long.compress(eight, LOWER << 4);
        }
      }
    }
  }
}
