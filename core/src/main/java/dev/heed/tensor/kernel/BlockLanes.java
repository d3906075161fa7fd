package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** What the loops over blocks share: species, and numbers at the head of a block. */
final class BlockLanes {
  /** As many ints as floats in a vector. */
  static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  /** As many bytes as floats in a vector; vectors of floats have 256 bits or more. */
  static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(LENGTH * Byte.SIZE));

  private static final int SIX_BITS = 0x3f3f3f3f;
  private static final int FOUR_BITS = 0x0f0f0f0f;
  private static final int TWO_BITS = 0x03030303;

  private BlockLanes() {}

  /** A number in half precision. */
  static float half(MemorySegment w, long at) {
    return Float.float16ToFloat(w.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
  }

  /** The eight scales of {@code Q4_K} and {@code Q5_K}, one a byte, from their 12 bytes. */
  static long scales(MemorySegment w, long at) {
    int first = w.get(ValueLayout.JAVA_INT_UNALIGNED, at);
    return eight(first, w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 8));
  }

  /** Their eight minima. */
  static long minima(MemorySegment w, long at) {
    int middle = w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4);
    return eight(middle, w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 8) >>> 4);
  }

  /**
   * Eight numbers of 6 bits, one a byte.
   *
   * @param lower four of them, and above each the upper two bits of another
   * @param rest the lower four bits of those others
   */
  static long eight(int lower, int rest) {
    int upper = rest & FOUR_BITS | (lower >>> 6 & TWO_BITS) << 4;
    return lower & SIX_BITS | (long) upper << Integer.SIZE;
  }

  /** One of them. */
  static int of(long eight, int group) {
    return (int) (eight >>> group * Byte.SIZE) & 0x3f;
  }
}
