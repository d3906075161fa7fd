package dev.heed.checkpoint.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The fixed points that codes of the "IQ" types stand for.
 *
 * <p>A point is one unsigned 16-bit number: eight coordinates of two bits or four of four bits, the
 * first lowest. A coordinate is an index into {@link #WIDE}, {@link #COARSE} or {@link #ODD}, or
 * stands for -1, 0 and 1. The resource {@code grids.bin} holds the grids one after the other, in
 * this class's order, little endian.
 *
 * <p>Source: the figures of ggml 0.14, {@code iq2xxs_grid}, {@code iq2xs_grid}, {@code iq2s_grid},
 * {@code iq1s_grid}, {@code iq3xxs_grid} and {@code iq3s_grid}.
 */
final class Grids {
  /** The 2-bit grids' levels. */
  static final byte[] WIDE = {8, 25, 43, 0};

  /** The levels of {@link #IQ3_XXS}. */
  static final byte[] COARSE = {4, 12, 20, 28, 36, 44, 52, 62};

  /** The levels of {@link #IQ3_S}. */
  static final byte[] ODD = {1, 3, 5, 7, 9, 11, 13, 15};

  static final char[] IQ2_XXS;
  static final char[] IQ2_XS;
  static final char[] IQ2_S;
  static final char[] IQ1;
  static final char[] IQ3_XXS;
  static final char[] IQ3_S;

  static {
    char[] all = load();
    IQ2_XXS = java.util.Arrays.copyOfRange(all, 0, 256);
    IQ2_XS = java.util.Arrays.copyOfRange(all, 256, 768);
    IQ2_S = java.util.Arrays.copyOfRange(all, 768, 1792);
    IQ1 = java.util.Arrays.copyOfRange(all, 1792, 3840);
    IQ3_XXS = java.util.Arrays.copyOfRange(all, 3840, 4096);
    IQ3_S = java.util.Arrays.copyOfRange(all, 4096, 4608);
  }

  private Grids() {}

  private static char[] load() {
    try (InputStream in = Grids.class.getResourceAsStream("grids.bin")) {
      if (in == null) {
        throw new IllegalStateException("heed-core lacks its resource grids.bin; build it again");
      }
      return MemorySegment.ofArray(in.readAllBytes())
          .toArray(ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
