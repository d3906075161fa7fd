package dev.heed.checkpoint.gguf;

import static dev.heed.checkpoint.gguf.BlockDecoder.half;

/**
 * Blocks whose codes stand for unevenly spaced numbers, for -1, 0 and 1, or for a sign.
 *
 * <p>Source: ggml 0.14, {@code block_iq4_nl}, {@code block_iq4_xs}, {@code block_mxfp4}, {@code
 * block_nvfp4}, {@code block_tq1_0}, {@code block_tq2_0}, {@code block_q1_0}; OCP Microscaling
 * Formats 1.0, section 5.3.3 (E2M1) and 5.4.1 (E8M0).
 */
final class FewBitBlocks {
  /** ggml's 16 levels, denser around 0. */
  private static final byte[] UNEVEN = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  /** Twice the values of a 4-bit float: sign, two exponent bits, one fraction bit. */
  private static final byte[] TWICE_E2M1 = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  private static final int[] POWERS_OF_THREE = {1, 3, 9, 27, 81};

  private FewBitBlocks() {}

  static void iq4NonLinear(byte[] bytes, int at, float[] values, int to) {
    levels(half(bytes, at), UNEVEN, bytes, at + 2, values, to, 16);
  }

  /** d, upper two bits of eight scales, their lower four, 8 × 16 bytes. */
  static void iq4Layered(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    int high = BlockDecoder.unsigned16(bytes, at + 2);
    for (int group = 0; group < 8; group++) {
      int low = bytes[at + 4 + group / 2] >> 4 * (group % 2) & 15;
      float scale = d * ((low | (high >> 2 * group & 3) << 4) - 32);
      levels(scale, UNEVEN, bytes, at + 8 + group * 16, values, to + group * 32, 16);
    }
  }

  /** A power of two, then 16 bytes. */
  static void microscaled(byte[] bytes, int at, float[] values, int to) {
    levels(halfPower(bytes[at] & 0xff), TWICE_E2M1, bytes, at + 1, values, to, 16);
  }

  /** Four scales of 8 bits, then 8 bytes for each. */
  static void nvidia(byte[] bytes, int at, float[] values, int to) {
    for (int group = 0; group < 4; group++) {
      float scale = halfOfUnsignedE4M3(bytes[at + group] & 0xff);
      levels(scale, TWICE_E2M1, bytes, at + 4 + group * 8, values, to + group * 16, 8);
    }
  }

  private static void levels(
      float scale, byte[] levels, byte[] bytes, int at, float[] values, int to, int count) {
    for (int i = 0; i < count; i++) {
      values[to + i] = scale * levels[bytes[at + i] & 15];
      values[to + count + i] = scale * levels[bytes[at + i] >> 4 & 15];
    }
  }

  /** Half of two to the power of {@code exponent - 127}, which for 0 and 1 is subnormal. */
  private static float halfPower(int exponent) {
    return Float.intBitsToFloat(exponent < 2 ? 0x0020_0000 << exponent : exponent - 1 << 23);
  }

  /** Half of a float of four exponent and three fraction bits; the code of NaN stands for 0. */
  private static float halfOfUnsignedE4M3(int code) {
    int exponent = code >> 3 & 15;
    int fraction = code & 7;
    if (code == 0x7f) {
      return 0;
    }
    float value =
        exponent == 0
            ? Math.scalb((float) fraction, -9)
            : Math.scalb(1 + fraction / 8f, exponent - 7);
    return value * 0.5f;
  }

  /** 32 + 16 bytes of five digits, 4 bytes of four, d. */
  static void ternaryFive(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at + 52);
    int next = digits(d, bytes, at, 32, 5, values, to);
    next = digits(d, bytes, at + 32, 16, 5, values, next);
    digits(d, bytes, at + 48, 4, 4, values, next);
  }

  /** The first digit of every byte, then the second of every byte, and so on. */
  private static int digits(
      float d, byte[] bytes, int at, int count, int digits, float[] values, int to) {
    int next = to;
    for (int digit = 0; digit < digits; digit++) {
      for (int i = 0; i < count; i++) {
        // A byte is a fraction of 256: what a product drops above are the digits before this one.
        int rest = bytes[at + i] * POWERS_OF_THREE[digit] & 0xff;
        values[next++] = ((rest * 3 >> 8) - 1) * d;
      }
    }
    return next;
  }

  /** 2 × 32 bytes of four digits, d. */
  static void ternaryFour(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at + 64);
    for (int i = 0; i < 256; i++) {
      int digit = bytes[at + i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
      values[to + i] = (digit - 1) * d;
    }
  }

  /** d, then one bit a value. */
  static void signs(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    for (int i = 0; i < 128; i++) {
      values[to + i] = (bytes[at + 2 + i / 8] >> i % 8 & 1) == 1 ? d : -d;
    }
  }
}
