package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

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

  /** Bytes that {@link #pack} takes for rows of a format; 0 where it packs none. */
  default long packedBytes(BlockFormat format, int depth, int columns) {
    return 0;
  }

  /**
   * Lays rows out anew, for products that are faster than {@link #dots}.
   *
   * @param w holds the rows, which stay readable
   * @param at the first row, in bytes
   * @param rowBytes from row to row
   * @param depth a multiple of the format's values
   * @param columns rows of {@code w}
   * @return null where they are best read as they lie
   */
  default @Nullable PackedBlocks pack(
      BlockFormat format, MemorySegment w, long at, long rowBytes, int depth, int columns) {
    return null;
  }
}
