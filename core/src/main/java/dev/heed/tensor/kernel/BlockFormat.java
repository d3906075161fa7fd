package dev.heed.tensor.kernel;

/**
 * How numbers lie in memory in blocks of equal size, each of which is read by itself.
 *
 * @param name as files name it
 * @param layout what vectors know of it
 * @param values in a block
 * @param bytes of a block
 * @param decoder reads a block
 */
public record BlockFormat(String name, Layout layout, int values, int bytes, Decoder decoder) {
  /** What vectors know; rows in {@link #F16} and {@link #OTHER} are turned into floats first. */
  public enum Layout {
    /** The upper half of a float. */
    BF16,
    /** IEEE half precision. */
    F16,
    /** ggml's 32 signed bytes under a scale. */
    Q8_0,
    /** ggml's 32 numbers of 4 bits under a scale. */
    Q4_0,
    /** ggml's 256 numbers of 4 bits under scales and minima of 6 bits. */
    Q4_K,
    /** ggml's 256 numbers of 5 bits under scales and minima of 6 bits. */
    Q5_K,
    /** ggml's 256 numbers of 6 bits under scales of 8 bits. */
    Q6_K,
    /** Any other. */
    OTHER;

    /** The layout of this name. */
    public static Layout of(String name) {
      for (Layout layout : values()) {
        if (layout.name().equals(name)) {
          return layout;
        }
      }
      return OTHER;
    }
  }

  /** Turns a block into floats. */
  @FunctionalInterface
  public interface Decoder {
    /**
     * Decodes one block.
     *
     * @param block holds it
     * @param at its first byte
     * @param values gets one float for each of its values
     * @param to where the first goes
     */
    void decode(byte[] block, int at, float[] values, int to);
  }

  /** Numbers in bf16, one a block. */
  public static final BlockFormat BF16 =
      new BlockFormat(
          "BF16",
          Layout.BF16,
          1,
          2,
          (block, at, values, to) -> values[to] = Float.intBitsToFloat(bits(block, at) << 16));

  /** Numbers in IEEE half precision, one a block. */
  public static final BlockFormat F16 =
      new BlockFormat(
          "F16",
          Layout.F16,
          1,
          2,
          (block, at, values, to) -> values[to] = Float.float16ToFloat((short) bits(block, at)));

  private static int bits(byte[] block, int at) {
    return block[at] & 0xff | block[at + 1] << 8;
  }

  /** How many bytes so many values take. */
  public long bytesOf(long count) {
    return count / values * bytes;
  }
}
