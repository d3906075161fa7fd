package dev.heed.tensor.kernel;

/**
 * Rows of blocks laid out anew in panels of {@link FloatKernel#PANEL} columns, as {@link
 * BlockKernel#pack} makes them.
 */
public interface PackedBlocks {
  /** Values of a column that share a scale: parts of panels begin and end with whole ones. */
  int GROUP = BlockProducts.GROUP;

  /**
   * Multiplies one row by panels, over the whole depth.
   *
   * @param x the row
   * @param sums of each {@link #GROUP} of its numbers
   * @param c gets the panels' columns one after the other
   * @param buffers scratch of the calling thread; the first four arrays are the caller's
   */
  void multiply(float[] x, float[] sums, int first, int end, float[] c, Buffers buffers);

  /**
   * Multiplies several rows by panels, over the whole depth.
   *
   * @param rows a multiple of {@link FloatKernel#ROWS}
   * @param x the rows one after the other
   * @param c gets the panels' columns, rows {@code ldc} apart
   */
  void multiply(int rows, float[] x, int first, int end, float[] c, int ldc, Buffers buffers);

  /**
   * Part of a panel as floats, row by row.
   *
   * @param from the first row, a multiple of {@link #GROUP}
   * @param count of rows, a multiple of it, too
   * @param into gets {@code count} rows of {@link FloatKernel#PANEL} numbers
   */
  void decode(int panel, int from, int count, float[] into, Buffers buffers);
}
