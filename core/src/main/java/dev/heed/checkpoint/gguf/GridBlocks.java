package dev.heed.checkpoint.gguf;

import static dev.heed.checkpoint.gguf.BlockDecoder.half;
import static dev.heed.checkpoint.gguf.BlockDecoder.unsigned16;

/**
 * Blocks of 256 values whose codes are points of a fixed grid in 8 or 4 dimensions, with scales for
 * groups of 8 to 32 values: the "IQ" types below 4 bits.
 *
 * <p>Seven bits of signs stand for eight: the eighth makes the number of minus signs even.
 *
 * <p>Source: ggml 0.14, {@code block_iq1_s} to {@code block_iq3_s}.
 */
final class GridBlocks {
  private static final float SHIFT = 0.125f;

  private GridBlocks() {}

  /** d; for 32 values: 4 indices of 8 bits, then 4 × 7 signs and a scale of 4 bits. */
  static void iq2Smallest(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    for (int group = 0; group < 8; group++) {
      int from = at + 2 + 8 * group;
      int signs = (int) BlockDecoder.INT.get(bytes, from + 4);
      float scale = d * (0.5f + (signs >>> 28)) * 0.25f;
      for (int i = 0; i < 4; i++) {
        int point = Grids.IQ2_XXS[bytes[from + i] & 0xff];
        eight(scale, point, even(signs >>> 7 * i & 127), values, to + 32 * group + 8 * i);
      }
    }
  }

  /** d; 32 numbers of 9 bits index and 7 signs; 16 scales of 4 bits. */
  static void iq2Small(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    for (int i = 0; i < 32; i++) {
      int code = unsigned16(bytes, at + 2 + 2 * i);
      float scale = d * (0.5f + nibble(bytes, at + 66, i / 2)) * 0.25f;
      eight(scale, Grids.IQ2_XS[code & 511], even(code >> 9), values, to + 8 * i);
    }
  }

  /** d; 32 indices' lower 8 bits; 32 × 8 signs; their upper 2 bits; 16 scales of 4 bits. */
  static void iq2(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    for (int i = 0; i < 32; i++) {
      int upper = bytes[at + 66 + i / 4] >> 2 * (i % 4) & 3;
      int point = Grids.IQ2_S[bytes[at + 2 + i] & 0xff | upper << 8];
      float scale = d * (0.5f + nibble(bytes, at + 74, i / 2)) * 0.25f;
      eight(scale, point, bytes[at + 34 + i], values, to + 8 * i);
    }
  }

  /** d; 64 indices of 8 bits; for 32 values: 4 × 7 signs and a scale of 4 bits. */
  static void iq3Smallest(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    for (int i = 0; i < 64; i++) {
      int signs = (int) BlockDecoder.INT.get(bytes, at + 66 + i / 8 * 4);
      float scale = d * (0.5f + (signs >>> 28)) * 0.5f;
      int eight = even(signs >>> 7 * (i / 2 % 4) & 127);
      int point = Grids.IQ3_XXS[bytes[at + 2 + i] & 0xff];
      four(scale, Grids.COARSE, point, eight >> 4 * (i % 2), values, to + 4 * i);
    }
  }

  /** d; 64 indices' lower 8 bits; their ninth; 256 signs; 8 scales of 4 bits. */
  static void iq3(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    for (int i = 0; i < 64; i++) {
      int ninth = bytes[at + 66 + i / 8] >> i % 8 & 1;
      int point = Grids.IQ3_S[bytes[at + 2 + i] & 0xff | ninth << 8];
      float scale = d * (1 + 2 * nibble(bytes, at + 106, i / 8));
      four(scale, Grids.ODD, point, bytes[at + 74 + i / 2] >> 4 * (i % 2), values, to + 4 * i);
    }
  }

  /** d; 32 indices' lower 8 bits; for 32 values: 4 × 3 upper bits, a scale, a shift's sign. */
  static void iq1(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    for (int i = 0; i < 32; i++) {
      int group = unsigned16(bytes, at + 34 + i / 4 * 2);
      int point = Grids.IQ1[bytes[at + 2 + i] & 0xff | (group >> 3 * (i % 4) & 7) << 8];
      float scale = d * (2 * (group >> 12 & 7) + 1);
      shifted(scale, (group & 0x8000) == 0 ? SHIFT : -SHIFT, point, values, to + 8 * i);
    }
  }

  /**
   * 32 indices' lower 8 bits; their upper 3 and a shift's sign; four numbers of four 3-bit scales
   * and four bits of d.
   */
  static void iq1Medium(byte[] bytes, int at, float[] values, int to) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits |= (bytes[at + 49 + 2 * i] >> 4 & 15) << 4 * i;
    }
    float d = Float.float16ToFloat((short) bits);
    for (int i = 0; i < 32; i++) {
      int upper = nibble(bytes, at + 32, i);
      int point = Grids.IQ1[bytes[at + i] & 0xff | (upper & 7) << 8];
      int scales = unsigned16(bytes, at + 48 + i / 8 * 2);
      float scale = d * (2 * (scales >> 3 * (i / 2 % 4) & 7) + 1);
      shifted(scale, (upper & 8) == 0 ? SHIFT : -SHIFT, point, values, to + 8 * i);
    }
  }

  private static int nibble(byte[] bytes, int at, int index) {
    return bytes[at + index / 2] >> 4 * (index % 2) & 15;
  }

  /** Adds the eighth sign. */
  private static int even(int seven) {
    return seven | (Integer.bitCount(seven) & 1) << 7;
  }

  private static void eight(float scale, int point, int signs, float[] values, int to) {
    for (int i = 0; i < 8; i++) {
      float value = scale * Grids.WIDE[point >> 2 * i & 3];
      values[to + i] = (signs >> i & 1) == 0 ? value : -value;
    }
  }

  private static void four(
      float scale, byte[] levels, int point, int signs, float[] values, int to) {
    for (int i = 0; i < 4; i++) {
      float value = scale * levels[point >> 4 * i & 7];
      values[to + i] = (signs >> i & 1) == 0 ? value : -value;
    }
  }

  private static void shifted(float scale, float shift, int point, float[] values, int to) {
    for (int i = 0; i < 8; i++) {
      values[to + i] = scale * ((point >> 2 * i & 3) - 1 + shift);
    }
  }
}
