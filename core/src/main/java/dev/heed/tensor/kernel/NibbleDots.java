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
 */
final class NibbleDots {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private NibbleDots() {}

  /** {@code Σ d·(q - 8)·x}: a half d and 16 bytes for 32 numbers. */
  static void q4(
      float[] x,
      float[] sums,
      MemorySegment w,
      long first,
      long second,
      int depth,
      float[] out,
      int to,
      int other) {
    FloatVector sum = FloatVector.zero(FLOATS);
    FloatVector sumOther = FloatVector.zero(FLOATS);
    float off = 0;
    float offOther = 0;
    long at = first;
    long away = second - first;
    for (int l = 0; l < depth; l += 32, at += 18) {
      FloatVector s = FloatVector.zero(FLOATS);
      FloatVector t = FloatVector.zero(FLOATS);
      for (int k = 0; k < 16; k += LENGTH) {
        FloatVector low = FloatVector.fromArray(FLOATS, x, l + k);
        FloatVector high = FloatVector.fromArray(FLOATS, x, l + k + 16);
        IntVector q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + 2 + k, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        s = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(low, s);
        s =
            ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(high, s);
        q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + away + 2 + k, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        t = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(low, t);
        t =
            ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                .fma(high, t);
      }
      float d = BlockLanes.half(w, at);
      float e = BlockLanes.half(w, at + away);
      sum = s.fma(FloatVector.broadcast(FLOATS, d), sum);
      sumOther = t.fma(FloatVector.broadcast(FLOATS, e), sumOther);
      off += d * sums[l / 32];
      offOther += e * sums[l / 32];
    }
    out[to] = sum.reduceLanes(VectorOperators.ADD) - 8 * off;
    out[other] = sumOther.reduceLanes(VectorOperators.ADD) - 8 * offOther;
  }

  /** {@code Σ (d·s·q - e·m)·x}: d, e, eight 6-bit s and m, and 128 bytes for 256 numbers. */
  static void q4k(
      float[] x,
      float[] sums,
      MemorySegment w,
      long first,
      long second,
      int depth,
      float[] out,
      int to,
      int other) {
    FloatVector sum = FloatVector.zero(FLOATS);
    FloatVector sumOther = FloatVector.zero(FLOATS);
    float off = 0;
    float offOther = 0;
    long at = first;
    long away = second - first;
    for (int l = 0; l < depth; l += 256, at += 144) {
      float d = BlockLanes.half(w, at);
      float e = BlockLanes.half(w, at + 2);
      float dOther = BlockLanes.half(w, at + away);
      float eOther = BlockLanes.half(w, at + away + 2);
      long scales = BlockLanes.scales(w, at + 4);
      long scalesOther = BlockLanes.scales(w, at + away + 4);
      long minima = BlockLanes.minima(w, at + 4);
      long minimaOther = BlockLanes.minima(w, at + away + 4);
      float low = 0;
      float lowOther = 0;
      for (int g = 0; g < 8; g++) {
        float group = sums[l / 32 + g];
        low += group * BlockLanes.of(minima, g);
        lowOther += group * BlockLanes.of(minimaOther, g);
      }
      off += e * low;
      offOther += eOther * lowOther;
      for (int g = 0; g < 8; g += 2) {
        FloatVector s = FloatVector.zero(FLOATS);
        FloatVector u = FloatVector.zero(FLOATS);
        FloatVector t = FloatVector.zero(FLOATS);
        FloatVector v = FloatVector.zero(FLOATS);
        for (int k = 0; k < 32; k += LENGTH) {
          int place = l + 32 * g + k;
          long from = at + 16 + 16 * g + k;
          FloatVector even = FloatVector.fromArray(FLOATS, x, place);
          FloatVector odd = FloatVector.fromArray(FLOATS, x, place + 32);
          IntVector q =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, from, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          s = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(even, s);
          u =
              ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(odd, u);
          q =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, from + away, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          t = ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0)).fma(even, t);
          v =
              ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                  .fma(odd, v);
        }
        sum = s.fma(FloatVector.broadcast(FLOATS, d * BlockLanes.of(scales, g)), sum);
        sum = u.fma(FloatVector.broadcast(FLOATS, d * BlockLanes.of(scales, g + 1)), sum);
        sumOther =
            t.fma(FloatVector.broadcast(FLOATS, dOther * BlockLanes.of(scalesOther, g)), sumOther);
        sumOther =
            v.fma(
                FloatVector.broadcast(FLOATS, dOther * BlockLanes.of(scalesOther, g + 1)),
                sumOther);
      }
    }
    out[to] = sum.reduceLanes(VectorOperators.ADD) - off;
    out[other] = sumOther.reduceLanes(VectorOperators.ADD) - offOther;
  }
}
