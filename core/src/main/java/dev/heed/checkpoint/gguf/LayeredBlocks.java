package dev.heed.checkpoint.gguf;

import static dev.heed.checkpoint.gguf.BlockDecoder.half;

/**
 * Blocks of 256 values whose scales (and minima) are quantised themselves: {@code x = d·s·q - e·m},
 * the "K" types.
 *
 * <p>A block has half-precision d (and e), and integers s (and m) for each group of 16 or 32
 * values.
 *
 * <p>Source: ggml 0.14, {@code block_q2_K} to {@code block_q6_K}.
 */
final class LayeredBlocks {
  private static final int VALUES = 256;

  private LayeredBlocks() {}

  /** Scales and minima of 16 groups in 16 bytes, quarters of 64 bytes, d, e. */
  static void q2(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at + 80);
    float e = half(bytes, at + 82);
    for (int group = 0; group < 16; group++) {
      int packed = bytes[at + group];
      float scale = d * (packed & 15);
      float minimum = e * (packed >> 4 & 15);
      int first = group * 16;
      for (int i = first; i < first + 16; i++) {
        values[to + i] = scale * twoBits(bytes, at + 16, i) - minimum;
      }
    }
  }

  /** Third bits in 32 bytes, quarters of 64 bytes, scales of 6 bits in 12 bytes, d. */
  static void q3(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at + 108);
    for (int group = 0; group < 16; group++) {
      int low = bytes[at + 96 + group % 8] >> 4 * (group / 8) & 15;
      int high = bytes[at + 104 + group % 4] >> 2 * (group / 4) & 3;
      float scale = d * ((low | high << 4) - 32);
      int first = group * 16;
      for (int i = first; i < first + 16; i++) {
        int third = bytes[at + i % 32] >> i / 32 & 1;
        values[to + i] = scale * (twoBits(bytes, at + 32, i) - (third == 1 ? 0 : 4));
      }
    }
  }

  /** d, e, scales and minima of 6 bits in 12 bytes, halves of 128 bytes. */
  static void q4(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    float e = half(bytes, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * scale(bytes, at + 4, group);
      float minimum = e * minimum(bytes, at + 4, group);
      int from = at + 16 + group / 2 * 32;
      for (int i = 0; i < 32; i++) {
        int q = bytes[from + i] >> 4 * (group % 2) & 15;
        values[to + group * 32 + i] = scale * q - minimum;
      }
    }
  }

  /** As {@link #q4}, with the fifth bits in 32 bytes before the halves. */
  static void q5(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    float e = half(bytes, at + 2);
    for (int group = 0; group < 8; group++) {
      float scale = d * scale(bytes, at + 4, group);
      float minimum = e * minimum(bytes, at + 4, group);
      int from = at + 48 + group / 2 * 32;
      for (int i = 0; i < 32; i++) {
        int q = bytes[from + i] >> 4 * (group % 2) & 15 | (bytes[at + 16 + i] >> group & 1) << 4;
        values[to + group * 32 + i] = scale * q - minimum;
      }
    }
  }

  /** Halves of 128 bytes, fifth and sixth bits in 64 bytes, 16 signed bytes as scales, d. */
  static void q6(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at + 208);
    for (int i = 0; i < VALUES; i++) {
      float scale = d * bytes[at + 192 + i / 16];
      int low = bytes[at + i / 128 * 64 + i % 64] >> i % 128 / 64 * 4 & 15;
      int high = bytes[at + 128 + i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
      values[to + i] = scale * ((low | high << 4) - 32);
    }
  }

  /** Value i of 256 two-bit values: 128 in 32 bytes, one of each byte after the other. */
  private static int twoBits(byte[] bytes, int at, int i) {
    return bytes[at + i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
  }

  /**
   * The first four groups have six bits to themselves, the others four and the upper two of 0–3.
   */
  private static int scale(byte[] bytes, int at, int group) {
    return group < 4
        ? bytes[at + group] & 63
        : bytes[at + 4 + group] & 15 | (bytes[at + group - 4] >> 6 & 3) << 4;
  }

  private static int minimum(byte[] bytes, int at, int group) {
    return group < 4
        ? bytes[at + 4 + group] & 63
        : bytes[at + 4 + group] >> 4 & 15 | (bytes[at + group] >> 6 & 3) << 4;
  }
}
