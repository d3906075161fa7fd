package dev.heed.attention.kernel;

import static dev.heed.attention.kernel.Lanes.FLOATS;
import static dev.heed.attention.kernel.Lanes.LENGTH;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows between native memory and float arrays, by vectors.
 *
 * <p>The kernel computes on arrays only: K and V blocks are copied once for hundreds of queries,
 * and the copy is where strides and half-width formats disappear.
 */
final class RowCopy {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(
          short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() * Short.BYTES / Float.BYTES));

  private RowCopy() {}

  static void loadF32(
      MemorySegment source,
      long from,
      long stride,
      int rows,
      int width,
      float[] target,
      int at,
      int targetStride) {
    for (int i = 0; i < rows; i++) {
      loadF32(source, from + i * stride, width, target, at + i * targetStride, targetStride);
    }
  }

  private static void loadF32(
      MemorySegment source, long from, int width, float[] target, int at, int padded) {
    int j = 0;
    for (; j + LENGTH <= width; j += LENGTH) {
      FloatVector.fromMemorySegment(FLOATS, source, from + 4L * j, LITTLE)
          .intoArray(target, at + j);
    }
    for (; j < padded; j += LENGTH) {
      VectorMask<Float> inside = FLOATS.indexInRange(j, width);
      FloatVector.fromMemorySegment(FLOATS, source, from + 4L * j, LITTLE, inside)
          .intoArray(target, at + j);
    }
  }

  static void loadBf16(
      MemorySegment source,
      long from,
      long stride,
      int rows,
      int width,
      float[] target,
      int at,
      int targetStride) {
    for (int i = 0; i < rows; i++) {
      loadBf16(source, from + i * stride, width, target, at + i * targetStride, targetStride);
    }
  }

  private static void loadBf16(
      MemorySegment source, long from, int width, float[] target, int at, int padded) {
    int j = 0;
    for (; j + LENGTH <= width; j += LENGTH) {
      ((IntVector)
              ShortVector.fromMemorySegment(SHORTS, source, from + 2L * j, LITTLE)
                  .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
          .lanewise(VectorOperators.LSHL, Short.SIZE)
          .viewAsFloatingLanes()
          .intoArray(target, at + j);
    }
    for (; j < padded; j++) {
      target[at + j] = j < width ? (float) ElementFormat.BF16.read(source, from + 2L * j) : 0f;
    }
  }

  /** Writes {@code factor · row}. */
  static void storeF32(
      float[] row, int at, float factor, int width, MemorySegment target, long to) {
    int j = 0;
    for (; j + LENGTH <= width; j += LENGTH) {
      FloatVector.fromArray(FLOATS, row, at + j)
          .mul(factor)
          .intoMemorySegment(target, to + 4L * j, LITTLE);
    }
    if (j < width) {
      VectorMask<Float> inside = FLOATS.indexInRange(j, width);
      FloatVector.fromArray(FLOATS, row, at + j, inside)
          .mul(factor)
          .intoMemorySegment(target, to + 4L * j, LITTLE, inside);
    }
  }

  /** Writes {@code factor · row}, rounded to nearest, ties to even. */
  static void storeBf16(
      float[] row, int at, float factor, int width, MemorySegment target, long to) {
    int j = 0;
    for (; j + LENGTH <= width; j += LENGTH) {
      FloatVector values = FloatVector.fromArray(FLOATS, row, at + j).mul(factor);
      IntVector bits = values.viewAsIntegralLanes().reinterpretAsInts();
      IntVector even = bits.lanewise(VectorOperators.LSHR, Short.SIZE).and(1);
      VectorMask<Integer> nan = values.test(VectorOperators.IS_NAN).cast(INTS);
      IntVector rounded = bits.add(even).add(0x7fff).blend(bits.or(0x400000), nan);
      ((ShortVector)
              rounded
                  .lanewise(VectorOperators.LSHR, Short.SIZE)
                  .convertShape(VectorOperators.I2S, SHORTS, 0))
          .intoMemorySegment(target, to + 2L * j, LITTLE);
    }
    for (; j < width; j++) {
      ElementFormat.BF16.write(target, to + 2L * j, row[at + j] * factor);
    }
  }
}
