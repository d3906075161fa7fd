package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.BlockLanes.BYTES;
import static dev.heed.tensor.kernel.BlockLanes.INTS;
import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of a vector with two rows of 4-bit numbers: a byte holds two of them, which are widened
 * and multiplied as they are; what all numbers of a block have in common is taken off by the sum of
 * the block's factors.
 *
 * <p>The register blocks are written out: a method for each step would bring {@link #q4k} over the
 * number of nodes to which C2 inlines ({@code NodeCountInliningCutoff}), and it would box.
 */
final class NibbleDots {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private NibbleDots() {}

  /** {@code Σ d·(q - 8)·x}: a half d and 16 bytes for 32 numbers. */
  static void q4(
      float[] x,
      MemorySegment w,
      long first,
      long second,
      int depth,
      float[] sums,
      float[] out,
      int to,
      int other) {
    FloatVector sum = FloatVector.zero(FLOATS);
    FloatVector sumOther = FloatVector.zero(FLOATS);
    float off = 0;
    float offOther = 0;
    int groups = depth / 32;
    long at = first + 2;
    long away = second - first;
    for (int g = 0, l = 0; g < groups; g++, l += 32, at += 18) {
      FloatVector s = FloatVector.zero(FLOATS);
      FloatVector t = FloatVector.zero(FLOATS);
      if (LENGTH == 16) {
        FloatVector low = FloatVector.fromArray(FLOATS, x, l);
        FloatVector high = FloatVector.fromArray(FLOATS, x, l + 16);
        IntVector q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        s = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(low, s);
        s =
            ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(high, s);
        q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + away, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        t = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(low, t);
        t =
            ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(high, t);
      } else {
        for (int k = 0; k < 16; k += LENGTH) {
          FloatVector low = FloatVector.fromArray(FLOATS, x, l + k);
          FloatVector high = FloatVector.fromArray(FLOATS, x, l + k + 16);
          IntVector q =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          s = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(low, s);
          s =
              ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(high, s);
          q =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + away + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          t = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(low, t);
          t =
              ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(high, t);
        }
      }
      float d = BlockLanes.half(w, at - 2);
      float e = BlockLanes.half(w, at + away - 2);
      sum = s.fma(FloatVector.broadcast(FLOATS, d), sum);
      sumOther = t.fma(FloatVector.broadcast(FLOATS, e), sumOther);
      off += d * sums[g];
      offOther += e * sums[g];
    }
    out[to] = sum.reduceLanes(VectorOperators.ADD) - 8 * off;
    out[other] = sumOther.reduceLanes(VectorOperators.ADD) - 8 * offOther;
  }

  /** {@code Σ s·q·x} for q from 0 to 15: 128 bytes of each 144 for 256 numbers of 8 scales. */
  static void q4k(
      float[] x,
      MemorySegment w,
      long first,
      long second,
      int depth,
      float[] scales,
      float[] out,
      int to,
      int other) {
    FloatVector sum = FloatVector.zero(FLOATS);
    FloatVector sumOther = FloatVector.zero(FLOATS);
    int groups = depth / 32;
    long at = first + 16;
    long away = second - first;
    for (int g = 0, l = 0; g < groups; g += 2, l += 64) {
      FloatVector s = FloatVector.zero(FLOATS);
      FloatVector u = FloatVector.zero(FLOATS);
      FloatVector t = FloatVector.zero(FLOATS);
      FloatVector v = FloatVector.zero(FLOATS);
      if (LENGTH == 16) {
        FloatVector even = FloatVector.fromArray(FLOATS, x, l);
        FloatVector odd = FloatVector.fromArray(FLOATS, x, l + 32);
        IntVector q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        s = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(even, s);
        u =
            ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(odd, u);
        q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + away, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        t = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(even, t);
        v =
            ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(odd, v);

        even = FloatVector.fromArray(FLOATS, x, l + 16);
        odd = FloatVector.fromArray(FLOATS, x, l + 48);
        q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + 16, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        s = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(even, s);
        u =
            ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(odd, u);
        q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + away + 16, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        t = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(even, t);
        v =
            ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(odd, v);
      } else {
        for (int k = 0; k < 32; k += LENGTH) {
          FloatVector even = FloatVector.fromArray(FLOATS, x, l + k);
          FloatVector odd = FloatVector.fromArray(FLOATS, x, l + k + 32);
          IntVector q =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          s = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(even, s);
          u =
              ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(odd, u);
          q =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + away + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          t = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(even, t);
          v =
              ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(odd, v);
        }
      }
      sum = s.fma(FloatVector.broadcast(FLOATS, scales[g]), sum);
      sum = u.fma(FloatVector.broadcast(FLOATS, scales[g + 1]), sum);
      sumOther = t.fma(FloatVector.broadcast(FLOATS, scales[groups + g]), sumOther);
      sumOther = v.fma(FloatVector.broadcast(FLOATS, scales[groups + g + 1]), sumOther);
      at += (g & 7) == 6 ? 48 : 32;
    }
    out[to] = sum.reduceLanes(VectorOperators.ADD);
    out[other] = sumOther.reduceLanes(VectorOperators.ADD);
  }
}
