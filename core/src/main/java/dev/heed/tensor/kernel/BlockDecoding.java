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

/** Blocks turned into floats by vectors, to the bits that plain loops give. */
final class BlockDecoding {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private BlockDecoding() {}

  static void q8(MemorySegment w, long from, float[] into, int to, int count) {
    long at = from;
    for (int l = to; l < to + count; l += 32, at += 34) {
      float d = BlockLanes.half(w, at);
      for (int k = 0; k < 32; k += LENGTH) {
        ((FloatVector)
                ByteVector.fromMemorySegment(BYTES, w, at + 2 + k, ORDER)
                    .convertShape(VectorOperators.B2F, FLOATS, 0))
            .mul(d)
            .intoArray(into, l + k);
      }
    }
  }

  static void q4(MemorySegment w, long from, float[] into, int to, int count) {
    long at = from;
    for (int l = to; l < to + count; l += 32, at += 18) {
      float d = BlockLanes.half(w, at);
      for (int k = 0; k < 16; k += LENGTH) {
        IntVector q =
            (IntVector)
                ByteVector.fromMemorySegment(BYTES, w, at + 2 + k, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
        ((FloatVector) q.and(15).sub(8).convert(VectorOperators.I2F, 0))
            .mul(d)
            .intoArray(into, l + k);
        ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).sub(8).convert(VectorOperators.I2F, 0))
            .mul(d)
            .intoArray(into, l + k + 16);
      }
    }
  }

  static void q4k(MemorySegment w, long from, float[] into, int to, int count) {
    long at = from;
    for (int l = to; l < to + count; l += 256, at += 144) {
      float d = BlockLanes.half(w, at);
      float e = BlockLanes.half(w, at + 2);
      long scales = BlockLanes.scales(w, at + 4);
      long minima = BlockLanes.minima(w, at + 4);
      for (int g = 0; g < 8; g += 2) {
        for (int k = 0; k < 32; k += LENGTH) {
          int place = l + 32 * g + k;
          IntVector q =
              (IntVector)
                  ByteVector.fromMemorySegment(BYTES, w, at + 16 + 16 * g + k, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
          ((FloatVector) q.and(15).convert(VectorOperators.I2F, 0))
              .mul(d * BlockLanes.of(scales, g))
              .sub(e * BlockLanes.of(minima, g))
              .intoArray(into, place);
          ((FloatVector) q.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
              .mul(d * BlockLanes.of(scales, g + 1))
              .sub(e * BlockLanes.of(minima, g + 1))
              .intoArray(into, place + 32);
        }
      }
    }
  }

  /** As {@link #q4k} with a fifth bit: 32 bytes of them before the others. */
  static void q5k(MemorySegment w, long from, float[] into, int to, int count) {
    long at = from;
    for (int l = to; l < to + count; l += 256, at += 176) {
      float d = BlockLanes.half(w, at);
      float e = BlockLanes.half(w, at + 2);
      long scales = BlockLanes.scales(w, at + 4);
      long minima = BlockLanes.minima(w, at + 4);
      for (int g = 0; g < 8; g += 2) {
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
          ((FloatVector) even.convert(VectorOperators.I2F, 0))
              .mul(d * BlockLanes.of(scales, g))
              .sub(e * BlockLanes.of(minima, g))
              .intoArray(into, place);
          IntVector odd =
              q.lanewise(VectorOperators.LSHR, 4)
                  .or(fifth.and(2).lanewise(VectorOperators.LSHL, 3));
          ((FloatVector) odd.convert(VectorOperators.I2F, 0))
              .mul(d * BlockLanes.of(scales, g + 1))
              .sub(e * BlockLanes.of(minima, g + 1))
              .intoArray(into, place + 32);
        }
      }
    }
  }

  static void q6k(MemorySegment w, long from, float[] into, int to, int count) {
    long at = from;
    for (int l = to; l < to + count; l += 256, at += 210) {
      float d = BlockLanes.half(w, at + 208);
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
          ((FloatVector) q.convert(VectorOperators.I2F, 0))
              .mul(d * w.get(ValueLayout.JAVA_BYTE, scale))
              .intoArray(into, place);
          q = far.and(15).or(upper.and(12).lanewise(VectorOperators.LSHL, 2)).sub(32);
          ((FloatVector) q.convert(VectorOperators.I2F, 0))
              .mul(d * w.get(ValueLayout.JAVA_BYTE, scale + 2))
              .intoArray(into, place + 32);
          q = near.lanewise(VectorOperators.LSHR, 4).or(upper.and(48)).sub(32);
          ((FloatVector) q.convert(VectorOperators.I2F, 0))
              .mul(d * w.get(ValueLayout.JAVA_BYTE, scale + 4))
              .intoArray(into, place + 64);
          q =
              far.lanewise(VectorOperators.LSHR, 4)
                  .or(upper.lanewise(VectorOperators.LSHR, 2).and(48))
                  .sub(32);
          ((FloatVector) q.convert(VectorOperators.I2F, 0))
              .mul(d * w.get(ValueLayout.JAVA_BYTE, scale + 6))
              .intoArray(into, place + 96);
        }
      }
    }
  }
}
