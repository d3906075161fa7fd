package dev.heed.tensor.kernel;

import static dev.heed.tensor.kernel.FloatLanes.FLOATS;
import static dev.heed.tensor.kernel.FloatLanes.LENGTH;

import jdk.incubator.vector.FloatVector;

/**
 * The product {@code C[i][j] (+)= Σ_l A[i][l] · B[l][j]} of a panel, where 8 rows of {@code A} lie
 * interleaved: number {@code l} of all eight, then number {@code l + 1}.
 *
 * <p>So one pointer goes through {@code A}, and no row needs a register of its own, as in {@link
 * RowProduct}. The attention kernel's product by columns would give the same numbers, but takes the
 * distance of rows as a parameter, and is slower: probably C2 then checks each index. The register
 * blocks are written out as those are.
 *
 * <p>Sixteen sums in registers need the 32 that vectors of 512 bits come with. Processors whose
 * vectors are shorter have sixteen, where half the rows are summed at a time.
 */
final class SliverProduct {
  private static final int ROWS = FloatKernel.ROWS;
  private static final int HALF = ROWS / 2;
  private static final int PANEL = FloatKernel.PANEL;
  private static final boolean IS_NARROW = LENGTH < 16;

  private SliverProduct() {}

  /** As {@link FloatKernel#product}. */
  static void multiply(
      int rows,
      int depth,
      float[] a,
      int at,
      float[] panel,
      int pt,
      float[] c,
      int ct,
      int ldc,
      boolean onto) {
    for (int j = 0; j < PANEL; j += 2 * LENGTH) {
      for (int i = 0; i < rows; i += ROWS) {
        int from = at + i * depth;
        int to = ct + i * ldc + j;
        if (IS_NARROW) {
          half(depth, a, from, panel, pt + j, c, to, ldc, onto);
          half(depth, a, from + HALF, panel, pt + j, c, to + HALF * ldc, ldc, onto);
        } else {
          sliver(depth, a, from, panel, pt + j, c, to, ldc, onto);
        }
      }
    }
  }

  /** 8 rows by two vectors of columns. */
  private static void sliver(
      int depth,
      float[] a,
      int at,
      float[] panel,
      int pt,
      float[] c,
      int ct,
      int ldc,
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
    for (int l = 0; l < depth; l++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, panel, pt + l * PANEL);
      FloatVector b1 = FloatVector.fromArray(FLOATS, panel, pt + l * PANEL + LENGTH);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[at + l * ROWS]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 1]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 2]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 3]);
      c30 = x3.fma(b0, c30);
      c31 = x3.fma(b1, c31);
      FloatVector x4 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 4]);
      c40 = x4.fma(b0, c40);
      c41 = x4.fma(b1, c41);
      FloatVector x5 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 5]);
      c50 = x5.fma(b0, c50);
      c51 = x5.fma(b1, c51);
      FloatVector x6 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 6]);
      c60 = x6.fma(b0, c60);
      c61 = x6.fma(b1, c61);
      FloatVector x7 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 7]);
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

  /** 4 of the 8 rows by two vectors of columns. */
  private static void half(
      int depth,
      float[] a,
      int at,
      float[] panel,
      int pt,
      float[] c,
      int ct,
      int ldc,
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
    for (int l = 0; l < depth; l++) {
      FloatVector b0 = FloatVector.fromArray(FLOATS, panel, pt + l * PANEL);
      FloatVector b1 = FloatVector.fromArray(FLOATS, panel, pt + l * PANEL + LENGTH);
      FloatVector x0 = FloatVector.broadcast(FLOATS, a[at + l * ROWS]);
      c00 = x0.fma(b0, c00);
      c01 = x0.fma(b1, c01);
      FloatVector x1 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 1]);
      c10 = x1.fma(b0, c10);
      c11 = x1.fma(b1, c11);
      FloatVector x2 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 2]);
      c20 = x2.fma(b0, c20);
      c21 = x2.fma(b1, c21);
      FloatVector x3 = FloatVector.broadcast(FLOATS, a[at + l * ROWS + 3]);
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
}
