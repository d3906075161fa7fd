package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatKernel.TILE;
import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowDots} of rows of weights as they lie in memory: nothing is copied, and the processor
 * fetches weights while it multiplies others.
 *
 * <p>The register blocks are written out as those of {@link RowProduct} are.
 */
final class MemoryDots {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Not those of {@link BlockLanes}, which asks for more than vectors of 128 bits give. */
  private static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(LENGTH * Short.SIZE));

  private MemoryDots() {}

  /** As {@link FloatKernel#tilesInMemory}. */
  static void multiply(
      int rows,
      int depth,
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      MemoryType type,
      float[] c,
      int ct,
      int ldc,
      int apart,
      float[] sums) {
    int whole = depth / LENGTH * LENGTH;
    if (type == MemoryType.Q8_0) {
      bytes(rows, depth, x, w, at, rowBytes, c, ct, ldc, apart, sums);
      return;
    }
    for (int i = 0; i < rows; i += TILE) {
      if (type == MemoryType.BF16) {
        halves(x, i * depth, w, at, rowBytes, depth, whole, sums);
      } else {
        floats(x, i * depth, w, at, rowBytes, depth, whole, sums);
      }
      for (int k = 0; k < TILE * TILE; k++) {
        int row = i + k / TILE;
        long column = at + k % TILE * rowBytes;
        float sum = total(sums, k) + rest(x, row * depth, w, column, type, whole, depth);
        c[ct + row * ldc + k % TILE * apart] = sum;
      }
    }
  }

  /** Rows in Q8_0, by eight rows of {@code x}; vectors hold whole parts of blocks. */
  private static void bytes(
      int rows,
      int depth,
      float[] x,
      MemorySegment w,
      long at,
      long rowBytes,
      float[] c,
      int ct,
      int ldc,
      int apart,
      float[] sums) {
    for (int i = 0; i < rows; i += ByteTiles.ROWS) {
      for (int j = 0; j < TILE; j += ByteTiles.COLUMNS) {
        ByteTiles.multiply(x, i * depth, w, at + j * rowBytes, rowBytes, depth, sums);
        for (int k = 0; k < ByteTiles.ROWS * ByteTiles.COLUMNS; k++) {
          int row = i + k / ByteTiles.COLUMNS;
          c[ct + row * ldc + (j + k % ByteTiles.COLUMNS) * apart] = total(sums, k);
        }
      }
    }
  }

  /** The sum of a vector's lanes. */
  private static float total(float[] sums, int vector) {
    return FloatVector.fromArray(FLOATS, sums, vector * LENGTH).reduceLanes(VectorOperators.ADD);
  }

  /** What vectors leave of a product. */
  private static float rest(
      float[] x, int row, MemorySegment w, long column, MemoryType type, int from, int depth) {
    float sum = 0;
    for (int l = from; l < depth; l++) {
      sum += x[row + l] * type.number(w, column, l);
    }
    return sum;
  }

  private static void floats(
      float[] x,
      int from,
      MemorySegment w,
      long at0,
      long apart,
      int depth,
      int whole,
      float[] sums) {
    long at1 = at0 + apart;
    long at2 = at1 + apart;
    long at3 = at2 + apart;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector s00 = zero;
    FloatVector s01 = zero;
    FloatVector s02 = zero;
    FloatVector s03 = zero;
    FloatVector s10 = zero;
    FloatVector s11 = zero;
    FloatVector s12 = zero;
    FloatVector s13 = zero;
    FloatVector s20 = zero;
    FloatVector s21 = zero;
    FloatVector s22 = zero;
    FloatVector s23 = zero;
    FloatVector s30 = zero;
    FloatVector s31 = zero;
    FloatVector s32 = zero;
    FloatVector s33 = zero;
    for (int l = 0; l < whole; l += LENGTH) {
      FloatVector w0 = FloatVector.fromMemorySegment(FLOATS, w, at0 + 4L * l, ORDER);
      FloatVector w1 = FloatVector.fromMemorySegment(FLOATS, w, at1 + 4L * l, ORDER);
      FloatVector w2 = FloatVector.fromMemorySegment(FLOATS, w, at2 + 4L * l, ORDER);
      FloatVector w3 = FloatVector.fromMemorySegment(FLOATS, w, at3 + 4L * l, ORDER);
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + l);
      s00 = x0.fma(w0, s00);
      s01 = x0.fma(w1, s01);
      s02 = x0.fma(w2, s02);
      s03 = x0.fma(w3, s03);
      FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + depth + l);
      s10 = x1.fma(w0, s10);
      s11 = x1.fma(w1, s11);
      s12 = x1.fma(w2, s12);
      s13 = x1.fma(w3, s13);
      FloatVector x2 = FloatVector.fromArray(FLOATS, x, from + 2 * depth + l);
      s20 = x2.fma(w0, s20);
      s21 = x2.fma(w1, s21);
      s22 = x2.fma(w2, s22);
      s23 = x2.fma(w3, s23);
      FloatVector x3 = FloatVector.fromArray(FLOATS, x, from + 3 * depth + l);
      s30 = x3.fma(w0, s30);
      s31 = x3.fma(w1, s31);
      s32 = x3.fma(w2, s32);
      s33 = x3.fma(w3, s33);
    }
    s00.intoArray(sums, 0 * LENGTH);
    s01.intoArray(sums, 1 * LENGTH);
    s02.intoArray(sums, 2 * LENGTH);
    s03.intoArray(sums, 3 * LENGTH);
    s10.intoArray(sums, 4 * LENGTH);
    s11.intoArray(sums, 5 * LENGTH);
    s12.intoArray(sums, 6 * LENGTH);
    s13.intoArray(sums, 7 * LENGTH);
    s20.intoArray(sums, 8 * LENGTH);
    s21.intoArray(sums, 9 * LENGTH);
    s22.intoArray(sums, 10 * LENGTH);
    s23.intoArray(sums, 11 * LENGTH);
    s30.intoArray(sums, 12 * LENGTH);
    s31.intoArray(sums, 13 * LENGTH);
    s32.intoArray(sums, 14 * LENGTH);
    s33.intoArray(sums, 15 * LENGTH);
  }

  private static void halves(
      float[] x,
      int from,
      MemorySegment w,
      long at0,
      long apart,
      int depth,
      int whole,
      float[] sums) {
    long at1 = at0 + apart;
    long at2 = at1 + apart;
    long at3 = at2 + apart;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector s00 = zero;
    FloatVector s01 = zero;
    FloatVector s02 = zero;
    FloatVector s03 = zero;
    FloatVector s10 = zero;
    FloatVector s11 = zero;
    FloatVector s12 = zero;
    FloatVector s13 = zero;
    FloatVector s20 = zero;
    FloatVector s21 = zero;
    FloatVector s22 = zero;
    FloatVector s23 = zero;
    FloatVector s30 = zero;
    FloatVector s31 = zero;
    FloatVector s32 = zero;
    FloatVector s33 = zero;
    for (int l = 0; l < whole; l += LENGTH) {
      FloatVector w0 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, w, at0 + 2L * l, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, Short.SIZE)
              .viewAsFloatingLanes();
      FloatVector w1 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, w, at1 + 2L * l, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, Short.SIZE)
              .viewAsFloatingLanes();
      FloatVector w2 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, w, at2 + 2L * l, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, Short.SIZE)
              .viewAsFloatingLanes();
      FloatVector w3 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, w, at3 + 2L * l, ORDER)
                      .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, Short.SIZE)
              .viewAsFloatingLanes();
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, from + l);
      s00 = x0.fma(w0, s00);
      s01 = x0.fma(w1, s01);
      s02 = x0.fma(w2, s02);
      s03 = x0.fma(w3, s03);
      FloatVector x1 = FloatVector.fromArray(FLOATS, x, from + depth + l);
      s10 = x1.fma(w0, s10);
      s11 = x1.fma(w1, s11);
      s12 = x1.fma(w2, s12);
      s13 = x1.fma(w3, s13);
      FloatVector x2 = FloatVector.fromArray(FLOATS, x, from + 2 * depth + l);
      s20 = x2.fma(w0, s20);
      s21 = x2.fma(w1, s21);
      s22 = x2.fma(w2, s22);
      s23 = x2.fma(w3, s23);
      FloatVector x3 = FloatVector.fromArray(FLOATS, x, from + 3 * depth + l);
      s30 = x3.fma(w0, s30);
      s31 = x3.fma(w1, s31);
      s32 = x3.fma(w2, s32);
      s33 = x3.fma(w3, s33);
    }
    s00.intoArray(sums, 0 * LENGTH);
    s01.intoArray(sums, 1 * LENGTH);
    s02.intoArray(sums, 2 * LENGTH);
    s03.intoArray(sums, 3 * LENGTH);
    s10.intoArray(sums, 4 * LENGTH);
    s11.intoArray(sums, 5 * LENGTH);
    s12.intoArray(sums, 6 * LENGTH);
    s13.intoArray(sums, 7 * LENGTH);
    s20.intoArray(sums, 8 * LENGTH);
    s21.intoArray(sums, 9 * LENGTH);
    s22.intoArray(sums, 10 * LENGTH);
    s23.intoArray(sums, 11 * LENGTH);
    s30.intoArray(sums, 12 * LENGTH);
    s31.intoArray(sums, 13 * LENGTH);
    s32.intoArray(sums, 14 * LENGTH);
    s33.intoArray(sums, 15 * LENGTH);
  }
}
