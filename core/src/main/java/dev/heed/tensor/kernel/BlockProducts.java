package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;

/** Products of one vector with rows of {@link BlockFormat}s as they lie in memory. */
@FunctionalInterface
public interface BlockProducts {
  /** Values that share one of the sums which {@link #dots} takes. */
  int GROUP = 32;

  /**
   * {@code out[r] = Σ_l x[l] · W[r][l]}.
   *
   * @param x the factors, {@code depth} of them
   * @param sums of each {@link #GROUP} of them
   * @param w holds the rows
   * @param at the first row, in bytes
   * @param rowBytes from row to row
   * @param depth a multiple of the format's values
   * @param buffers scratch of the calling thread; the first four arrays are the caller's
   */
  void dots(
      BlockFormat format,
      float[] x,
      float[] sums,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      float[] out,
      int to,
      int rows,
      Buffers buffers);
}
