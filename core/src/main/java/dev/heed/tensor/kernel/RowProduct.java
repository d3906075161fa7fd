package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * The product {@code C[i][j] += Σ_l A[i][l] · B[l][j]} of tiles, 8 rows at a time: each row of
 * {@code A} is broadcast against vectors of {@code B}.
 *
 * <p>8 × 2 accumulators hide the latency of the multiply–add and leave registers free on AVX-512.
 * The register blocks are written out, twice here and twice in the attention kernel's product by
 * columns, on purpose: C2 keeps vectors in registers only within one method of limited size.
 * Accumulators in an array, a shared method that takes or returns them, or one body for both widths
 * let it put each vector into an object, at a hundredth of the speed.
 */
public final class RowProduct {
  /** Rows must come in multiples of this. */
  public static final int ROWS = 8;

  private static final int HALF = ROWS / 2;

  /** Whether sixteen sums and what they are made of do not fit into the registers there are. */
  private static final boolean IS_NARROW = LENGTH < 16;

  private RowProduct() {}

  /**
   * Computes the product.
   *
   * @param rows a multiple of {@link #ROWS}
   * @param columns a multiple of {@link FloatLanes#LENGTH}
   * @param depth how many products each element sums
   * @param onto whether to add to {@code C} instead of overwriting it
   */
  public static void multiply(
      int rows,
      int columns,
      int depth,
      float[] a,
      int at,
      int lda,
      float[] b,
      int bt,
      int ldb,
      float[] c,
      int ct,
      int ldc,
      boolean onto) {
    int j = 0;
    for (; j + 2 * LENGTH <= columns; j += 2 * LENGTH) {
      for (int i = 0; i < rows; i += ROWS) {
        int from = at + i * lda;
        int to = ct + i * ldc + j;
        if (IS_NARROW) {
          half(a, from, lda, b, bt + j, ldb, c, to, ldc, depth, onto);
          half(a, from + HALF * lda, lda, b, bt + j, ldb, c, to + HALF * ldc, ldc, depth, onto);
        } else {
          wide(a, from, lda, b, bt + j, ldb, c, to, ldc, depth, onto);
        }
      }
    }
    for (; j < columns; j += LENGTH) {
      for (int i = 0; i < rows; i += ROWS) {
        narrow(a, at + i * lda, lda, b, bt + j, ldb, c, ct + i * ldc + j, ldc, depth, onto);
      }
    }
  }

  /** Two vectors of columns. */
  private static void wide(
      float[] a,
      int at,
      int lda,
      float[] b,
      int bt,
      int ldb,
      float[] c,
      int ct,
      int ldc,
      int depth,
      boolean onto) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    FloatVector c40 = zero;
    FloatVector c41 = zero;
    FloatVector c50 = zero;
    FloatVector c51 = zero;
    FloatVector c60 = zero;
    FloatVector c61 = zero;
    FloatVector c70 = zero;
    FloatVector c71 = zero;
    if (onto) {
      c00 = FloatVector.fromArray(FLOATS, c, ct);
      c01 = FloatVector.fromArray(FLOATS, c, ct + LENGTH);
      c10 = FloatVector.fromArray(FLOATS, c, ct + ldc);
      c11 = FloatVector.fromArray(FLOATS, c, ct + ldc + LENGTH);
      c20 = FloatVector.fromArray(FLOATS, c, ct + 2 * ldc);
      c21 = FloatVector.fromArray(FLOATS, c, ct + 2 * ldc + LENGTH);
      c30 = FloatVector.fromArray(FLOATS, c, ct + 3 * ldc);
      c31 = FloatVector.fromArray(FLOATS, c, ct + 3 * ldc + LENGTH);
      c40 = FloatVector.fromArray(FLOATS, c, ct + 4 * ldc);
      c41 = FloatVector.fromArray(FLOATS, c, ct + 4 * ldc + LENGTH);
      c50 = FloatVector.fromArray(FLOATS, c, ct + 5 * ldc);
      c51 = FloatVector.fromArray(FLOATS, c, ct + 5 * ldc + LENGTH);
      c60 = FloatVector.fromArray(FLOATS, c, ct + 6 * ldc);
      c61 = FloatVector.fromArray(FLOATS, c, ct + 6 * ldc + LENGTH);
      c70 = FloatVector.fromArray(FLOATS, c, ct + 7 * ldc);
      c71 = FloatVector.fromArray(FLOATS, c, ct + 7 * ldc + LENGTH);
    }
    int a0 = at;
    int a1 = at + lda;
    int a2 = at + 2 * lda;
    int a3 = at + 3 * lda;
    int a4 = at + 4 * lda;
    int a5 = at + 5 * lda;
    int a6 = at + 6 * lda;
    int a7 = at + 7 * lda;
    for (int l = 0; l < depth; l++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bt + l * ldb);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bt + l * ldb + LENGTH);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + l]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + l]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + l]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + l]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + l]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + l]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      FloatVector x6 = FloatVector.broadcast(FLOATS, a[a6 + l]);
      c60 = x6.fma(b0, c60);
      c61 = x6.fma(b1, c61);
      FloatVector x7 = FloatVector.broadcast(FLOATS, a[a7 + l]);
      c70 = x7.fma(b0, c70);
      c71 = x7.fma(b1, c71);
    }
    c00.intoArray(c, ct);
    c01.intoArray(c, ct + LENGTH);
    c10.intoArray(c, ct + ldc);
    c11.intoArray(c, ct + ldc + LENGTH);
    c20.intoArray(c, ct + 2 * ldc);
    c21.intoArray(c, ct + 2 * ldc + LENGTH);
    c30.intoArray(c, ct + 3 * ldc);
    c31.intoArray(c, ct + 3 * ldc + LENGTH);
    c40.intoArray(c, ct + 4 * ldc);
    c41.intoArray(c, ct + 4 * ldc + LENGTH);
    c50.intoArray(c, ct + 5 * ldc);
    c51.intoArray(c, ct + 5 * ldc + LENGTH);
    c60.intoArray(c, ct + 6 * ldc);
    c61.intoArray(c, ct + 6 * ldc + LENGTH);
    c70.intoArray(c, ct + 7 * ldc);
    c71.intoArray(c, ct + 7 * ldc + LENGTH);
  }

  /** Half of the rows by two vectors of columns. */
  private static void half(
      float[] a,
      int at,
      int lda,
      float[] b,
      int bt,
      int ldb,
      float[] c,
      int ct,
      int ldc,
      int depth,
      boolean onto) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector c00 = zero;
    FloatVector c01 = zero;
    FloatVector c10 = zero;
    FloatVector c11 = zero;
    FloatVector c20 = zero;
    FloatVector c21 = zero;
    FloatVector c30 = zero;
    FloatVector c31 = zero;
    if (onto) {
      c00 = FloatVector.fromArray(FLOATS, c, ct);
      c01 = FloatVector.fromArray(FLOATS, c, ct + LENGTH);
      c10 = FloatVector.fromArray(FLOATS, c, ct + ldc);
      c11 = FloatVector.fromArray(FLOATS, c, ct + ldc + LENGTH);
      c20 = FloatVector.fromArray(FLOATS, c, ct + 2 * ldc);
      c21 = FloatVector.fromArray(FLOATS, c, ct + 2 * ldc + LENGTH);
      c30 = FloatVector.fromArray(FLOATS, c, ct + 3 * ldc);
      c31 = FloatVector.fromArray(FLOATS, c, ct + 3 * ldc + LENGTH);
    }
    int a0 = at;
    int a1 = at + lda;
    int a2 = at + 2 * lda;
    int a3 = at + 3 * lda;
    for (int l = 0; l < depth; l++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bt + l * ldb);
      FloatVector b1 = FloatVector.fromArray(FLOATS, b, bt + l * ldb + LENGTH);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + l]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + l]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + l]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + l]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
    }
    c00.intoArray(c, ct);
    c01.intoArray(c, ct + LENGTH);
    c10.intoArray(c, ct + ldc);
    c11.intoArray(c, ct + ldc + LENGTH);
    c20.intoArray(c, ct + 2 * ldc);
    c21.intoArray(c, ct + 2 * ldc + LENGTH);
    c30.intoArray(c, ct + 3 * ldc);
    c31.intoArray(c, ct + 3 * ldc + LENGTH);
  }

  /** One vector of columns. */
  private static void narrow(
      float[] a,
      int at,
      int lda,
      float[] b,
      int bt,
      int ldb,
      float[] c,
      int ct,
      int ldc,
      int depth,
      boolean onto) {
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector c00 = zero;
    FloatVector c10 = zero;
    FloatVector c20 = zero;
    FloatVector c30 = zero;
    FloatVector c40 = zero;
    FloatVector c50 = zero;
    FloatVector c60 = zero;
    FloatVector c70 = zero;
    if (onto) {
      c00 = FloatVector.fromArray(FLOATS, c, ct);
      c10 = FloatVector.fromArray(FLOATS, c, ct + ldc);
      c20 = FloatVector.fromArray(FLOATS, c, ct + 2 * ldc);
      c30 = FloatVector.fromArray(FLOATS, c, ct + 3 * ldc);
      c40 = FloatVector.fromArray(FLOATS, c, ct + 4 * ldc);
      c50 = FloatVector.fromArray(FLOATS, c, ct + 5 * ldc);
      c60 = FloatVector.fromArray(FLOATS, c, ct + 6 * ldc);
      c70 = FloatVector.fromArray(FLOATS, c, ct + 7 * ldc);
    }
    int a0 = at;
    int a1 = at + lda;
    int a2 = at + 2 * lda;
    int a3 = at + 3 * lda;
    int a4 = at + 4 * lda;
    int a5 = at + 5 * lda;
    int a6 = at + 6 * lda;
    int a7 = at + 7 * lda;
    for (int l = 0; l < depth; l++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, b, bt + l * ldb);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[a0 + l]);
      c00 = x0.fma(b0, c00);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[a1 + l]);
      c10 = x1.fma(b0, c10);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[a2 + l]);
      c20 = x2.fma(b0, c20);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[a3 + l]);
      c30 = x3.fma(b0, c30);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[a4 + l]);
      c40 = x4.fma(b0, c40);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[a5 + l]);
      c50 = x5.fma(b0, c50);
      FloatVector x6 = FloatVector.broadcast(FLOATS, a[a6 + l]);
      c60 = x6.fma(b0, c60);
      FloatVector x7 = FloatVector.broadcast(FLOATS, a[a7 + l]);
      c70 = x7.fma(b0, c70);
    }
    c00.intoArray(c, ct);
    c10.intoArray(c, ct + ldc);
    c20.intoArray(c, ct + 2 * ldc);
    c30.intoArray(c, ct + 3 * ldc);
    c40.intoArray(c, ct + 4 * ldc);
    c50.intoArray(c, ct + 5 * ldc);
    c60.intoArray(c, ct + 6 * ldc);
    c70.intoArray(c, ct + 7 * ldc);
  }
}
