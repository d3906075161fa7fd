package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of rows with rows, {@code C[i][j] = Σ_l X[i][l] · W[j][l]}, 4 by 4 at a time: eight
 * vectors are read for sixteen multiply–adds, and neither side is laid out anew.
 *
 * <p>The register block is written out as those of {@link RowProduct} are.
 */
final class RowDots {
  /** Rows of either side that are multiplied at a time. */
  static final int TILE = FloatKernel.TILE;

  private RowDots() {}

  /** As {@link FloatKernel#tiles}. */
  static void multiply(
      int rows,
      int columns,
      int depth,
      float[] x,
      float[] w,
      float[] c,
      int ct,
      int ldc,
      float[] sums) {
    int whole = depth / LENGTH * LENGTH;
    for (int j = 0; j < columns; j += TILE) {
      for (int i = 0; i < rows; i += TILE) {
        tile(x, i * depth, w, j * depth, depth, whole, sums);
        for (int k = 0; k < TILE * TILE; k++) {
          float sum =
              FloatVector.fromArray(FLOATS, sums, k * LENGTH).reduceLanes(VectorOperators.ADD);
          int at = (i + k / TILE) * depth;
          int bt = (j + k % TILE) * depth;
          for (int l = whole; l < depth; l++) {
            sum += x[at + l] * w[bt + l];
          }
          c[ct + (i + k / TILE) * ldc + j + k % TILE] = sum;
        }
      }
    }
  }

  /** The sums of sixteen products, not yet summed over the lanes. */
  private static void tile(
      float[] x, int at, float[] w, int bt, int depth, int whole, float[] sums) {
    int a0 = at;
    int a1 = at + depth;
    int a2 = at + 2 * depth;
    int a3 = at + 3 * depth;
    int b0 = bt;
    int b1 = bt + depth;
    int b2 = bt + 2 * depth;
    int b3 = bt + 3 * depth;
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
      FloatVector w0 = FloatVector.fromArray(FLOATS, w, b0 + l);
      FloatVector w1 = FloatVector.fromArray(FLOATS, w, b1 + l);
      FloatVector w2 = FloatVector.fromArray(FLOATS, w, b2 + l);
      FloatVector w3 = FloatVector.fromArray(FLOATS, w, b3 + l);
      FloatVector x0 = FloatVector.fromArray(FLOATS, x, a0 + l);
      s00 = x0.fma(w0, s00);
      s01 = x0.fma(w1, s01);
      s02 = x0.fma(w2, s02);
      s03 = x0.fma(w3, s03);
      FloatVector x1 = FloatVector.fromArray(FLOATS, x, a1 + l);
      s10 = x1.fma(w0, s10);
      s11 = x1.fma(w1, s11);
      s12 = x1.fma(w2, s12);
      s13 = x1.fma(w3, s13);
      FloatVector x2 = FloatVector.fromArray(FLOATS, x, a2 + l);
      s20 = x2.fma(w0, s20);
      s21 = x2.fma(w1, s21);
      s22 = x2.fma(w2, s22);
      s23 = x2.fma(w3, s23);
      FloatVector x3 = FloatVector.fromArray(FLOATS, x, a3 + l);
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
