package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The scales of a row's blocks as floats, read before its numbers: a loop over numbers that read
 * them too would be larger than C2 compiles without putting vectors into objects.
 */
final class BlockHeads {
  private BlockHeads() {}

  private static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
  }

  /**
   * Eight 6-bit scales and minima of each block of {@code Q4_K} and {@code Q5_K}.
   *
   * @param sums of the factors of each of a block's eight groups
   * @param scales gets the scales, from {@code to} on
   * @return what the minima take off: {@code Σ e·m·sums}
   */
  static float sixBits(
      MemorySegment w, long row, int blocks, int size, float[] sums, float[] scales, int to) {
    float off = 0;
    long at = row;
    for (int b = 0; b < blocks; b++, at += size) {
      float d = half(w, at);
      long s = BlockLanes.scales(w, at + 4);
      long m = BlockLanes.minima(w, at + 4);
      float low = 0;
      for (int g = 0; g < 8; g++) {
        scales[to + 8 * b + g] = d * BlockLanes.of(s, g);
        low += sums[8 * b + g] * BlockLanes.of(m, g);
      }
      off += half(w, at + 2) * low;
    }
    return off;
  }

  /** Sixteen signed bytes and a half at the end of each block of {@code Q6_K}. */
  static void bytes(MemorySegment w, long row, int blocks, float[] scales) {
    long at = row + 192;
    for (int b = 0; b < blocks; b++, at += 210) {
      float d = half(w, at + 16);
      for (int i = 0; i < 16; i++) {
        scales[16 * b + i] = d * w.get(ValueLayout.JAVA_BYTE, at + i);
      }
    }
  }
}
