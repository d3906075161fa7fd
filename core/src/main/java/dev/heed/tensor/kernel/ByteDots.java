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

/** Products of a vector with rows of numbers of 5, 6 and 8 bits. */
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
        FloatVector factors = FloatVector.fromArray(FLOATS, x, l + k);
        s =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, w, at + 2 + k, ORDER)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .fma(factors, s);
        t =
            ((FloatVector)
                    ByteVector.fromMemorySegment(BYTES, w, at + away + 2 + k, ORDER)
                        .convertShape(VectorOperators.B2F, FLOATS, 0))
                .fma(factors, t);
      }
      sum = s.fma(FloatVector.broadcast(FLOATS, BlockLanes.half(w, at)), sum);
      sumOther = t.fma(FloatVector.broadcast(FLOATS, BlockLanes.half(w, at + away)), sumOther);
    }
    out[to] = sum.reduceLanes(VectorOperators.ADD);
    out[other] = sumOther.reduceLanes(VectorOperators.ADD);
  }

  /** As {@link NibbleDots#q4k} with a fifth bit: 32 bytes of them before the others. */
  static void q5k(
      float[] x, float[] sums, MemorySegment w, long row, int depth, float[] out, int to) {
    FloatVector sum = FloatVector.zero(FLOATS);
    float off = 0;
    long at = row;
    for (int l = 0; l < depth; l += 256, at += 176) {
      float d = BlockLanes.half(w, at);
      long scales = BlockLanes.scales(w, at + 4);
      long minima = BlockLanes.minima(w, at + 4);
      float low = 0;
      for (int g = 0; g < 8; g++) {
        low += sums[l / 32 + g] * BlockLanes.of(minima, g);
      }
      off += BlockLanes.half(w, at + 2) * low;
      for (int g = 0; g < 8; g += 2) {
        FloatVector s = FloatVector.zero(FLOATS);
        FloatVector t = FloatVector.zero(FLOATS);
        for (int k = 0; k < 32; k += LENGTH) {
          int place = l + 32 * g + k;
          IntVector q =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + 48 + 16 * g + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector fifth =
              ((IntVector)
                      ByteVector.fromMemorySegment(BYTES, w, at + 16 + k, ORDER)
                          .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0))
                  .lanewise(VectorOperators.LSHR, g);
          IntVector even = q.and(15).or(fifth.and(1).lanewise(VectorOperators.LSHL, 4));
          s =
              ((FloatVector) even.convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, place), s);
          IntVector odd =
              q.lanewise(VectorOperators.LSHR, 4)
                  .or(fifth.and(2).lanewise(VectorOperators.LSHL, 3));
          t =
              ((FloatVector) odd.convert(VectorOperators.I2F, 0))
                  .fma(FloatVector.fromArray(FLOATS, x, place + 32), t);
        }
        sum = s.fma(FloatVector.broadcast(FLOATS, d * BlockLanes.of(scales, g)), sum);
        sum = t.fma(FloatVector.broadcast(FLOATS, d * BlockLanes.of(scales, g + 1)), sum);
      }
    }
    out[to] = sum.reduceLanes(VectorOperators.ADD) - off;
  }

  /**
   * {@code Σ d·s·(q - 32)·x}: 128 bytes of lower halves, 64 of fifth and sixth bits, 16 signed s
   * and a half d for 256 numbers.
   */
  static void q6k(float[] x, MemorySegment w, long row, int depth, float[] out, int to) {
    FloatVector sum = FloatVector.zero(FLOATS);
    long at = row;
    for (int l = 0; l < depth; l += 256, at += 210) {
      float d = BlockLanes.half(w, at + 208);
      FloatVector part = FloatVector.zero(FLOATS);
      for (int h = 0; h < 2; h++) {
        for (int k = 0; k < 32; k += LENGTH) {
          int place = l + 128 * h + k;
          long scale = at + 192 + 8 * h + k / 16;
          IntVector near =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + 64 * h + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector far =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + 64 * h + 32 + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector upper =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + 128 + 32 * h + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          IntVector q = near.and(15).or(upper.and(3).lanewise(VectorOperators.LSHL, 4)).sub(32);
          part =
              ((FloatVector) q.convert(VectorOperators.I2F, 0))
                  .mul(FloatVector.fromArray(FLOATS, x, place))
                  .fma(FloatVector.broadcast(FLOATS, w.get(ValueLayout.JAVA_BYTE, scale)), part);
          q = far.and(15).or(upper.and(12).lanewise(VectorOperators.LSHL, 2)).sub(32);
          part =
              ((FloatVector) q.convert(VectorOperators.I2F, 0))
                  .mul(FloatVector.fromArray(FLOATS, x, place + 32))
                  .fma(
                      FloatVector.broadcast(FLOATS, w.get(ValueLayout.JAVA_BYTE, scale + 2)), part);
          q = near.lanewise(VectorOperators.LSHR, 4).or(upper.and(48)).sub(32);
          part =
              ((FloatVector) q.convert(VectorOperators.I2F, 0))
                  .mul(FloatVector.fromArray(FLOATS, x, place + 64))
                  .fma(
                      FloatVector.broadcast(FLOATS, w.get(ValueLayout.JAVA_BYTE, scale + 4)), part);
          q =
              far.lanewise(VectorOperators.LSHR, 4)
                  .or(upper.lanewise(VectorOperators.LSHR, 2).and(48))
                  .sub(32);
          part =
              ((FloatVector) q.convert(VectorOperators.I2F, 0))
                  .mul(FloatVector.fromArray(FLOATS, x, place + 96))
                  .fma(
                      FloatVector.broadcast(FLOATS, w.get(ValueLayout.JAVA_BYTE, scale + 6)), part);
        }
      }
      sum = part.fma(FloatVector.broadcast(FLOATS, d), sum);
    }
    out[to] = sum.reduceLanes(VectorOperators.ADD);
  }
}
