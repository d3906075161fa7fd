package dev.heed.checkpoint.gguf;

import static dev.heed.checkpoint.gguf.BlockDecoder.half;

/**
 * Blocks of 32 evenly spaced values: {@code x = d·q} or {@code x = d·q + m}.
 *
 * <p>A block begins with its half-precision scale d, and its minimum m if it has one. Four bits of
 * value i lie in byte i of what follows, in the lower half for the first 16 values and in the upper
 * half for the others; the fifth bits of the 5-bit kinds stand before them as one number.
 *
 * <p>Source: ggml 0.14, {@code block_q4_0} to {@code block_q8_1}.
 */
final class EvenBlocks {
  private static final int HALF = 16;

  private EvenBlocks() {}

  static void q4Zero(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    for (int i = 0; i < HALF; i++) {
      int packed = bytes[at + 2 + i];
      values[to + i] = ((packed & 15) - 8) * d;
      values[to + HALF + i] = ((packed >> 4 & 15) - 8) * d;
    }
  }

  static void q4One(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    float m = half(bytes, at + 2);
    for (int i = 0; i < HALF; i++) {
      int packed = bytes[at + 4 + i];
      values[to + i] = (packed & 15) * d + m;
      values[to + HALF + i] = (packed >> 4 & 15) * d + m;
    }
  }

  static void q5Zero(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    int fifth = (int) BlockDecoder.INT.get(bytes, at + 2);
    for (int i = 0; i < HALF; i++) {
      int packed = bytes[at + 6 + i];
      values[to + i] = ((packed & 15 | (fifth >>> i & 1) << 4) - 16) * d;
      values[to + HALF + i] = ((packed >> 4 & 15 | (fifth >>> i + HALF & 1) << 4) - 16) * d;
    }
  }

  static void q5One(byte[] bytes, int at, float[] values, int to) {
    float d = half(bytes, at);
    float m = half(bytes, at + 2);
    int fifth = (int) BlockDecoder.INT.get(bytes, at + 4);
    for (int i = 0; i < HALF; i++) {
      int packed = bytes[at + 8 + i];
      values[to + i] = (packed & 15 | (fifth >>> i & 1) << 4) * d + m;
      values[to + HALF + i] = (packed >> 4 & 15 | (fifth >>> i + HALF & 1) << 4) * d + m;
    }
  }

  static void q8Zero(byte[] bytes, int at, float[] values, int to) {
    signedBytes(half(bytes, at), bytes, at + 2, values, to, 32);
  }

  /** As {@link #q8Zero}, with a sum of the block's values that only products need. */
  static void q8One(byte[] bytes, int at, float[] values, int to) {
    signedBytes(half(bytes, at), bytes, at + 4, values, to, 32);
  }

  /** 256 signed bytes under one single-precision scale; what follows serves products. */
  static void q8Large(byte[] bytes, int at, float[] values, int to) {
    float d = Float.intBitsToFloat((int) BlockDecoder.INT.get(bytes, at));
    signedBytes(d, bytes, at + 4, values, to, 256);
  }

  private static void signedBytes(
      float d, byte[] bytes, int at, float[] values, int to, int count) {
    for (int i = 0; i < count; i++) {
      values[to + i] = bytes[at + i] * d;
    }
  }
}
