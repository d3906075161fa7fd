package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;

/** A {@link LoopWatch} over the products of vectors with one {@link BlockFormat.Layout}. */
final class LayoutWatch {
  /** Rows of a product that are looked at. */
  private static final int ROWS = 32;

  private final BlockKernel plain;
  private final LoopWatch watch;

  LayoutWatch(BlockKernel plain, BlockFormat.Layout layout) {
    this.plain = plain;
    watch = new LoopWatch("weights in " + layout + " are multiplied");
  }

  /** Whether plain loops have taken over. */
  boolean isLeft() {
    return watch.isLeft();
  }

  /** Looks at a product that is about to be computed; see {@link BlockKernel#dots}. */
  void look(
      BlockProducts vectors,
      BlockFormat format,
      float[] x,
      float[] sums,
      MemorySegment w,
      long at,
      long rowBytes,
      int depth,
      int rows,
      Buffers buffers) {
    if (!watch.isDue()) {
      return;
    }
    int count = Math.min(rows, ROWS);
    watch.look(
        count,
        y -> vectors.dots(format, x, sums, w, at, rowBytes, depth, y, 0, count, buffers),
        y -> plain.dots(format, x, sums, w, at, rowBytes, depth, y, 0, count, buffers),
        y -> {
          float[] row = new float[depth];
          for (int r = 0; r < count; r++) {
            plain.decode(format, w, at + r * rowBytes, row, 0, depth, buffers);
            y[r] = LoopWatch.norm(x, 0, depth) * LoopWatch.norm(row, 0, depth);
          }
        });
  }
}
