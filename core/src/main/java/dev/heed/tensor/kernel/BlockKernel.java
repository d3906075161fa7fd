package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;

/** Rows of {@link BlockFormat}s as they lie in memory: multiplied, and turned into floats. */
public interface BlockKernel extends BlockProducts {
  /**
   * Turns part of a row into floats.
   *
   * @param at the first block, in bytes
   * @param count a multiple of the format's values
   */
  void decode(
      BlockFormat format,
      MemorySegment w,
      long at,
      float[] into,
      int to,
      int count,
      Buffers buffers);
}
