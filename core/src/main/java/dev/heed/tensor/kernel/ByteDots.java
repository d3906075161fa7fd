package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.BlockLanes.BYTES;
import static dev.heed.tensor.kernel.BlockLanes.INTS;
import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Products of a vector with a row of numbers of 5, 6 and 8 bits. */
final class ByteDots {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private ByteDots() {}

  /** {@code Σ d·q·x} for two rows: a half d and 32 signed bytes. */
  static void q8(
      float[] x,
      MemorySegment w,
      long first,
      long second,
      int depth,
      float[] out,
      int to,
      int other) {
    FloatVector sum = FloatVector.zero(FLOATS);
    FloatVector sumOther = FloatVector.zero(FLOATS);
    long at = first;
    long away = second - first;
    for (int l = 0; l < depth; l += 32, at += 34) {
      FloatVector s = FloatVector.zero(FLOATS);
      FloatVector t = FloatVector.zero(FLOATS);
      for (int k = 0; k < 32; k += LENGTH) {
        FloatVector v = FloatVector.fromArray(FLOATS, x, l + k);
        s =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, w, at + 2 + k, ORDER)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .fma(v, s);
        t =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, w, at + away + 2 + k, ORDER)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .fma(v, t);
      }
      float d = Float.float16ToFloat(w.get(ValueLayout.JAVA_SHORT_UNALIGNED, at));
      float e = Float.float16ToFloat(w.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + away));
      sum = s.fma(FloatVector.broadcast(FLOATS, d), sum);
      sumOther = t.fma(FloatVector.broadcast(FLOATS, e), sumOther);
    }
    out[to] = sum.reduceLanes(VectorOperators.ADD);
    out[other] = sumOther.reduceLanes(VectorOperators.ADD);
  }

  /** As {@link NibbleDots#q4k} with a fifth bit: 32 bytes of them before the others. */
  static float q5k(float[] x, MemorySegment w, long row, int depth, float[] scales, int of) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int groups = depth / 32;
    long at = row + 48;
    for (int g = 0, l = 0; g < groups; g += 2, l += 64) {
      FloatVector s = FloatVector.zero(FLOATS);
      FloatVector t = FloatVector.zero(FLOATS);
      long bits = at - 32 - 16 * (g & 7);
      for (int k = 0; k < 32; k += LENGTH) {
        IntVector q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + k, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        IntVector fifth =
            ((IntVector)
                    ByteVector.fromMemorySegment(BYTES, w, bits + k, ORDER)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                .lanewise(VectorOperators.LSHR, g & 7);
        IntVector even = q.and(15).or(fifth.and(1).lanewise(VectorOperators.LSHL, 4));
        s =
            ((FloatVector) even.convert(VectorOperators.I2F, 0))
                .fma(FloatVector.fromArray(FLOATS, x, l + k), s);
        IntVector odd =
            q.lanewise(VectorOperators.LSHR, 4).or(fifth.and(2).lanewise(VectorOperators.LSHL, 3));
        t =
            ((FloatVector) odd.convert(VectorOperators.I2F, 0))
                .fma(FloatVector.fromArray(FLOATS, x, l + k + 32), t);
      }
      sum = s.fma(FloatVector.broadcast(FLOATS, scales[of + g]), sum);
      sum = t.fma(FloatVector.broadcast(FLOATS, scales[of + g + 1]), sum);
      at += (g & 7) == 6 ? 80 : 32;
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /**
   * {@code Σ s·(q - 32)·x}: 128 bytes of lower halves and 64 of fifth and sixth bits of each 210
   * for 256 numbers of 16 scales.
   */
  static float q6k(float[] x, MemorySegment w, long row, int depth, float[] scales) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int halves = depth / 128;
    long at = row;
    for (int h = 0, l = 0; h < halves; h++, l += 128) {
      long upperAt = at + ((h & 1) == 0 ? 128 : 96);
      for (int k = 0; k < 32; k += LENGTH) {
        int scale = 8 * h + k / 16;
        IntVector near =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + k, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        IntVector far =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + 32 + k, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        IntVector upper =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, upperAt + k, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        IntVector q = near.and(15).or(upper.and(3).lanewise(VectorOperators.LSHL, 4)).sub(32);
        sum =
            ((FloatVector) q.convert(VectorOperators.I2F, 0))
                .mul(scales[scale])
                .fma(FloatVector.fromArray(FLOATS, x, l + k), sum);
        q = far.and(15).or(upper.and(12).lanewise(VectorOperators.LSHL, 2)).sub(32);
        sum =
            ((FloatVector) q.convert(VectorOperators.I2F, 0))
                .mul(scales[scale + 2])
                .fma(FloatVector.fromArray(FLOATS, x, l + k + 32), sum);
        q = near.lanewise(VectorOperators.LSHR, 4).or(upper.and(48)).sub(32);
        sum =
            ((FloatVector) q.convert(VectorOperators.I2F, 0))
                .mul(scales[scale + 4])
                .fma(FloatVector.fromArray(FLOATS, x, l + k + 64), sum);
        q =
            far.lanewise(VectorOperators.LSHR, 4)
                .or(upper.lanewise(VectorOperators.LSHR, 2).and(48))
                .sub(32);
        sum =
            ((FloatVector) q.convert(VectorOperators.I2F, 0))
                .mul(scales[scale + 6])
                .fma(FloatVector.fromArray(FLOATS, x, l + k + 96), sum);
      }
      at += (h & 1) == 0 ? 64 : 146;
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
