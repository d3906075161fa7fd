package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The scales of a row's blocks as floats, read before its numbers: a loop over numbers that read
 * them too would be larger than C2 compiles without putting vectors into objects.
 */
final class BlockHeads {
  private static final VectorSpecies<Float> EIGHT_FLOATS = FloatVector.SPECIES_256;
  private static final VectorSpecies<Byte> EIGHT_BYTES = ByteVector.SPECIES_64;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private BlockHeads() {}

  /**
   * Eight 6-bit scales and minima of each block of {@code Q4_K} and {@code Q5_K}. They are spread
   * over the bytes of two longs, which vectors of eight read back.
   *
   * @param sums of the factors of each of a block's eight groups
   * @param scales gets the scales, from {@code to} on
   * @param room 16 bytes a block
   * @return what the minima take off: {@code Σ e·m·sums}
   */
  static float sixBits(
      MemorySegment w,
      long row,
      int blocks,
      int size,
      float[] sums,
      float[] scales,
      int to,
      byte[] room) {
    FloatVector off = FloatVector.zero(EIGHT_FLOATS);
    for (int b = 0; b < blocks; b++) {
      long at = row + (long) b * size;
      int first = w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4);
      int middle = w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 8);
      int last = w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 12);
      LONGS.set(room, 16 * b, BlockLanes.eight(first, last));
      LONGS.set(room, 16 * b + 8, BlockLanes.eight(middle, last >>> 4));
      ((FloatVector)
              ByteVector.fromArray(EIGHT_BYTES, room, 16 * b)
                  .convertShape(VectorOperators.B2F, EIGHT_FLOATS, 0))
          .mul(BlockLanes.half(w, at))
          .intoArray(scales, to + 8 * b);
      off =
          ((FloatVector)
                  ByteVector.fromArray(EIGHT_BYTES, room, 16 * b + 8)
                      .convertShape(VectorOperators.B2F, EIGHT_FLOATS, 0))
              .mul(BlockLanes.half(w, at + 2))
              .fma(FloatVector.fromArray(EIGHT_FLOATS, sums, 8 * b), off);
    }
    return off.reduceLanes(VectorOperators.ADD);
  }

  /** Sixteen signed bytes and a half at the end of each block of {@code Q6_K}. */
  static void bytes(MemorySegment w, long row, int blocks, float[] scales) {
    long at = row + 192;
    for (int b = 0; b < blocks; b++, at += 210) {
      float d = BlockLanes.half(w, at + 16);
      for (int i = 0; i < 16; i++) {
        scales[16 * b + i] = d * w.get(ValueLayout.JAVA_BYTE, at + i);
      }
    }
  }
}
