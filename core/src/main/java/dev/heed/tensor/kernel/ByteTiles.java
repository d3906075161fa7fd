package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.BlockLanes.BYTES;
import static dev.heed.tensor.kernel.BlockLanes.half;
import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of eight rows with two rows in Q8_0 as they lie in memory: each block is turned into
 * floats in registers, once for all eight, and never written.
 *
 * <p>The register block is written out as those of {@link RowProduct} are.
 */
final class ByteTiles {
  /** Rows of {@code x} that are multiplied at a time. */
  static final int ROWS = FloatKernel.ROWS;

  /** Rows of weights that are. */
  static final int COLUMNS = 2;

  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private ByteTiles() {}

  /**
   * {@code Σ d·q·x}: blocks of a half d and 32 signed bytes.
   *
   * @param from the first row of {@code x}
   * @param at0 a row of weights, in bytes
   * @param apart from it to the other
   * @param depth a multiple of 32
   * @param sums gets sixteen vectors, two for each row of {@code x}, not yet summed over the lanes
   */
  static void multiply(
      float[] x, int from, MemorySegment w, long at0, long apart, int depth, float[] sums) {
    long at1 = at0 + apart;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector s00 = zero;
    FloatVector s01 = zero;
    FloatVector s10 = zero;
    FloatVector s11 = zero;
    FloatVector s20 = zero;
    FloatVector s21 = zero;
    FloatVector s30 = zero;
    FloatVector s31 = zero;
    FloatVector s40 = zero;
    FloatVector s41 = zero;
    FloatVector s50 = zero;
    FloatVector s51 = zero;
    FloatVector s60 = zero;
    FloatVector s61 = zero;
    FloatVector s70 = zero;
    FloatVector s71 = zero;
    int x1 = from + depth;
    int x2 = from + 2 * depth;
    int x3 = from + 3 * depth;
    int x4 = from + 4 * depth;
    int x5 = from + 5 * depth;
    int x6 = from + 6 * depth;
    int x7 = from + 7 * depth;
    for (int l = 0; l < depth; l += LENGTH) {
      int block = l / 32 * 34;
      float d0 = half(w, at0 + block);
      FloatVector w0 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(BYTES, w, at0 + block + 2 + l % 32, ORDER)
                      .convertShape(VectorOperators.B2F, FLOATS, 0))
              .mul(FloatVector.broadcast(FLOATS, d0));
      float d1 = half(w, at1 + block);
      FloatVector w1 =
          ((FloatVector)
                  ByteVector.fromMemorySegment(BYTES, w, at1 + block + 2 + l % 32, ORDER)
                      .convertShape(VectorOperators.B2F, FLOATS, 0))
              .mul(FloatVector.broadcast(FLOATS, d1));
      FloatVector v0 = FloatVector.fromArray(FLOATS, x, from + l);
      s00 = v0.fma(w0, s00);
      s01 = v0.fma(w1, s01);
      FloatVector v1 = FloatVector.fromArray(FLOATS, x, x1 + l);
      s10 = v1.fma(w0, s10);
      s11 = v1.fma(w1, s11);
      FloatVector v2 = FloatVector.fromArray(FLOATS, x, x2 + l);
      s20 = v2.fma(w0, s20);
      s21 = v2.fma(w1, s21);
      FloatVector v3 = FloatVector.fromArray(FLOATS, x, x3 + l);
      s30 = v3.fma(w0, s30);
      s31 = v3.fma(w1, s31);
      FloatVector v4 = FloatVector.fromArray(FLOATS, x, x4 + l);
      s40 = v4.fma(w0, s40);
      s41 = v4.fma(w1, s41);
      FloatVector v5 = FloatVector.fromArray(FLOATS, x, x5 + l);
      s50 = v5.fma(w0, s50);
      s51 = v5.fma(w1, s51);
      FloatVector v6 = FloatVector.fromArray(FLOATS, x, x6 + l);
      s60 = v6.fma(w0, s60);
      s61 = v6.fma(w1, s61);
      FloatVector v7 = FloatVector.fromArray(FLOATS, x, x7 + l);
      s70 = v7.fma(w0, s70);
      s71 = v7.fma(w1, s71);
    }
    s00.intoArray(sums, 0 * LENGTH);
    s01.intoArray(sums, 1 * LENGTH);
    s10.intoArray(sums, 2 * LENGTH);
    s11.intoArray(sums, 3 * LENGTH);
    s20.intoArray(sums, 4 * LENGTH);
    s21.intoArray(sums, 5 * LENGTH);
    s30.intoArray(sums, 6 * LENGTH);
    s31.intoArray(sums, 7 * LENGTH);
    s40.intoArray(sums, 8 * LENGTH);
    s41.intoArray(sums, 9 * LENGTH);
    s50.intoArray(sums, 10 * LENGTH);
    s51.intoArray(sums, 11 * LENGTH);
    s60.intoArray(sums, 12 * LENGTH);
    s61.intoArray(sums, 13 * LENGTH);
    s70.intoArray(sums, 14 * LENGTH);
    s71.intoArray(sums, 15 * LENGTH);
  }
}
