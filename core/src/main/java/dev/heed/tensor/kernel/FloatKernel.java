package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The loops that take the time: by vectors ({@link VectorKernel}) or plainly ({@link
 * ScalarKernel}), to the same numbers but for the order of sums.
 *
 * <p>A <em>panel</em> holds {@link #PANEL} columns of a matrix {@code [depth, columns]} row by row,
 * so that a product reads it from front to back.
 */
public interface FloatKernel {
  /** Columns of a panel. */
  int PANEL = 32;

  /** Rows that {@link #product} takes at a time. */
  int ROWS = 8;

  /** Rows of either side that {@link #tiles} multiplies at a time. */
  int TILE = 4;

  /** Floats of scratch that {@link #tiles} takes. */
  int TILE_SUMS = TILE * TILE * PANEL / 2;

  /**
   * {@code C[i][j] (+)= Σ_l A[i][l] · B[l][j]} for a panel of {@code B}.
   *
   * @param rows a multiple of {@link #ROWS}
   * @param a from {@code at} on {@link #ROWS} rows after the other, each of them interleaved:
   *     {@code A[i][l]} is {@code i / ROWS · ROWS · depth + l · ROWS + i % ROWS} further on
   * @param onto whether to add to {@code C} instead of overwriting it
   */
  void product(
      int rows,
      int depth,
      float[] a,
      int at,
      float[] panel,
      int pt,
      float[] c,
      int ct,
      int ldc,
      boolean onto);

  /** {@code c[j] (+)= Σ_l a[l] · B[l][j]} for a panel of {@code B}. */
  void rowProduct(
      int depth, float[] a, int at, float[] panel, int pt, float[] c, int ct, boolean onto);

  /** As {@link #rowProduct} for a panel of bf16. */
  void rowProductBf16(
      int depth, float[] a, int at, short[] panel, int pt, float[] c, int ct, boolean onto);

  /** bf16 as floats. */
  void widen(short[] from, int at, float[] into, int to, int count);

  /**
   * {@code out[r] = Σ_l x[l] · W[r][l]} for rows of f32 as they lie in memory.
   *
   * @param w from the first row on
   * @param at of the first row, in bytes
   * @param rowBytes from row to row
   */
  void dots(
      float[] x, MemorySegment w, long at, long rowBytes, int depth, float[] out, int to, int rows);

  /** As {@link #dots} for rows of bf16. */
  void dotsBf16(
      float[] x, MemorySegment w, long at, long rowBytes, int depth, float[] out, int to, int rows);

  /**
   * {@code C[i][j] = Σ_l X[i][l] · W[j][l]}: rows by rows, neither of which is laid out anew.
   *
   * @param rows of {@code X}, a multiple of {@link #TILE}; each has {@code depth} numbers
   * @param columns of {@code C}, rows of {@code W}, a multiple of {@link #TILE}
   * @param c from {@code ct} on, with rows {@code ldc} apart
   * @param sums scratch of {@link #TILE_SUMS} floats
   */
  void tiles(
      int rows,
      int columns,
      int depth,
      float[] x,
      float[] w,
      float[] c,
      int ct,
      int ldc,
      float[] sums);

  /**
   * As {@link #tiles} for {@link #TILE} rows of weights as they lie in memory.
   *
   * @param rows of {@code X}, a multiple of {@link #TILE}, and of {@link #ROWS} by {@link
   *     MemoryType#Q8_0}
   * @param w holds the rows of weights, the first {@code at} bytes from its start
   * @param rowBytes from row to row
   * @param type what they are stored as
   * @param apart from column to column of {@code c}
   */
  void tilesInMemory(
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
      float[] sums);

  /** {@code Σ x·y}. */
  float dot(float[] x, float[] y, int count);

  /** The loops over quantised rows. */
  BlockKernel blocks();

  /** Applies a function to numbers in place. */
  void apply(FloatFunction function, float[] x, int from, int count);

  /** The largest; NaN if any is; minus infinity of none. */
  float max(float[] x, int from, int count);

  /** The sum. */
  float sum(float[] x, int from, int count);

  /** {@code Σ (x - mean)²}. */
  float squaresAround(float[] x, int from, int count, float mean);

  /** Turns numbers into {@code exp(x - max)} in place and returns their sum. */
  float powers(float[] x, int from, int count, float max);

  /**
   * Steps elements of a parameter by Adam, to the same bits by every kernel.
   *
   * @param from the first element, in bytes
   */
  void adam(AdamStep step, AdamStep.Memory at, long from, int count);
}
