package dev.heed.checkpoint.gguf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Turns one block of quantised weights into floats.
 *
 * <p>All decoders work in single precision and in ggml's order of operations, so that their results
 * equal ggml's to the last bit.
 */
@FunctionalInterface
interface BlockDecoder {
  /** Reads two bytes as a little-endian short. */
  VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  /** Reads four bytes as a little-endian int. */
  VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * Decodes one block.
   *
   * @param bytes holds the block
   * @param at its first byte
   * @param values gets one float for each value of the block
   * @param to where the first goes
   */
  void decode(byte[] bytes, int at, float[] values, int to);

  /** Reads a half-precision number. */
  static float half(byte[] bytes, int at) {
    return Float.float16ToFloat((short) SHORT.get(bytes, at));
  }

  /** Reads two bytes as an unsigned number. */
  static int unsigned16(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at) & 0xffff;
  }
}
