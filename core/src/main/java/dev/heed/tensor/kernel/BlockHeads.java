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
   * Eight 6-bit scales and minima of each block of {@code Q4_K} and {@code Q5_K}, of two rows. They
   * are spread over the bytes of longs, which vectors of eight read back. Both rows in one loop
   * make it too long for C2 to inline, which is meant: within its caller it would box.
   *
   * @param sums of the factors of each of a block's eight groups
   * @param scales gets the scales, the second row's after the first's, and then what the minima
   *     take off each row: {@code Σ e·m·sums}
   * @param room 32 bytes
   */
  static void sixBits(
      MemorySegment w,
      long first,
      long second,
      int blocks,
      int size,
      float[] sums,
      float[] scales,
      byte[] room) {
    int groups = 8 * blocks;
    FloatVector off = FloatVector.zero(EIGHT_FLOATS);
    FloatVector offOther = FloatVector.zero(EIGHT_FLOATS);
    for (int b = 0; b < blocks; b++) {
      FloatVector factors = FloatVector.fromArray(EIGHT_FLOATS, sums, 8 * b);
      long at = first + (long) b * size;
      int rest = w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 12);
      LONGS.set(room, 0, BlockLanes.eight(w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4), rest));
      LONGS.set(
          room, 8, BlockLanes.eight(w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 8), rest >>> 4));
      ((FloatVector)
              ByteVector.fromArray(EIGHT_BYTES, room, 0)
                  .convertShape(VectorOperators.B2F, EIGHT_FLOATS, 0))
          .mul(BlockLanes.half(w, at))
          .intoArray(scales, 8 * b);
      off =
          ((FloatVector)
                  ByteVector.fromArray(EIGHT_BYTES, room, 8)
                      .convertShape(VectorOperators.B2F, EIGHT_FLOATS, 0))
              .mul(BlockLanes.half(w, at + 2))
              .fma(factors, off);
      at += second - first;
      rest = w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 12);
      LONGS.set(room, 16, BlockLanes.eight(w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4), rest));
      LONGS.set(
          room, 24, BlockLanes.eight(w.get(ValueLayout.JAVA_INT_UNALIGNED, at + 8), rest >>> 4));
      ((FloatVector)
              ByteVector.fromArray(EIGHT_BYTES, room, 16)
                  .convertShape(VectorOperators.B2F, EIGHT_FLOATS, 0))
          .mul(BlockLanes.half(w, at))
          .intoArray(scales, groups + 8 * b);
      offOther =
          ((FloatVector)
                  ByteVector.fromArray(EIGHT_BYTES, room, 24)
                      .convertShape(VectorOperators.B2F, EIGHT_FLOATS, 0))
              .mul(BlockLanes.half(w, at + 2))
              .fma(factors, offOther);
    }
    scales[2 * groups] = off.reduceLanes(VectorOperators.ADD);
    scales[2 * groups + 1] = offOther.reduceLanes(VectorOperators.ADD);
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
