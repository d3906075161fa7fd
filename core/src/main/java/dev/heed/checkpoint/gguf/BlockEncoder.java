package dev.heed.checkpoint.gguf;

/**
 * Turns floats into one block of stored weights, byte for byte as ggml's reference quantiser does.
 *
 * <p>Source: ggml 0.14, {@code quantize_row_q4_0_ref}, {@code quantize_row_q8_0_ref}, {@code
 * ggml_compute_fp32_to_bf16}; half precision rounds to nearest even.
 */
@FunctionalInterface
interface BlockEncoder {
  /**
   * Encodes one block.
   *
   * @param values finite numbers
   * @param from the block's first value
   * @param bytes gets the block
   * @param to its first byte
   */
  void encode(float[] values, int from, byte[] bytes, int to);

  static void f32(float[] values, int from, byte[] bytes, int to) {
    BlockDecoder.INT.set(bytes, to, Float.floatToRawIntBits(values[from]));
  }

  static void f16(float[] values, int from, byte[] bytes, int to) {
    half(values[from], bytes, to);
  }

  static void bf16(float[] values, int from, byte[] bytes, int to) {
    int bits = Float.floatToRawIntBits(values[from]);
    int upper = bits >>> 16;
    boolean nan = Float.isNaN(values[from]);
    int rounded = nan ? upper | 64 : bits + 0x7fff + (upper & 1) >>> 16;
    BlockDecoder.SHORT.set(bytes, to, (short) rounded);
  }

  /** 32 signed bytes; the largest magnitude becomes 127. */
  static void q8(float[] values, int from, byte[] bytes, int to) {
    float largest = 0;
    for (int i = 0; i < 32; i++) {
      largest = Math.max(largest, Math.abs(values[from + i]));
    }
    float d = largest / 127;
    float inverse = d == 0 ? 0 : 1 / d;
    half(d, bytes, to);
    for (int i = 0; i < 32; i++) {
      float scaled = values[from + i] * inverse;
      // Halves go away from zero; in double, since 0.5 added to the float below it rounds up.
      double rounded = Math.copySign(Math.floor(Math.abs((double) scaled) + 0.5), scaled);
      bytes[to + 2 + i] = (byte) (int) rounded;
    }
  }

  /** 32 numbers of four bits; the value of largest magnitude becomes -8. */
  static void q4(float[] values, int from, byte[] bytes, int to) {
    float largest = 0;
    for (int i = 0; i < 32; i++) {
      if (Math.abs(values[from + i]) > Math.abs(largest)) {
        largest = values[from + i];
      }
    }
    float d = largest / -8;
    float inverse = d == 0 ? 0 : 1 / d;
    half(d, bytes, to);
    for (int i = 0; i < 16; i++) {
      int low = fourBits(values[from + i], inverse);
      int high = fourBits(values[from + 16 + i], inverse);
      bytes[to + 2 + i] = (byte) (low | high << 4);
    }
  }

  private static int fourBits(float value, float inverse) {
    return Math.clamp((int) Math.fma(value, inverse, 8.5f), 0, 15);
  }

  private static void half(float value, byte[] bytes, int to) {
    BlockDecoder.SHORT.set(bytes, to, Float.floatToFloat16(value));
  }
}
