package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Blocks by the Vector API.
 *
 * <p>Two rows are multiplied at a time, half of all apart: they share what they read of {@code x},
 * and the processor fetches each from a page of its own ahead of time, which it does not for two
 * rows beside each other.
 */
final class VectorBlocks implements BlockKernel {
  private final BlockKernel plain;
  private final FloatKernel floats;

  VectorBlocks(BlockKernel plain, FloatKernel floats) {
    this.plain = plain;
    this.floats = floats;
  }

  @Override
  public void dots(
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
      Buffers buffers) {
    switch (format.layout()) {
      case BF16 -> {
        floats.dotsBf16(x, w, at, rowBytes, depth, out, to, rows);
        return;
      }
      case F16, OTHER -> {
        float[] row = buffers.floats(4, depth);
        for (int r = 0; r < rows; r++) {
          decode(format, w, at + r * rowBytes, row, 0, depth, buffers);
          out[to + r] = floats.dot(x, row, depth);
        }
        return;
      }
      default -> {}
    }
    int half = (rows + 1) / 2;
    for (int r = 0; r < half; r++) {
      int other = Math.min(r + half, rows - 1);
      long first = at + r * rowBytes;
      long second = at + other * rowBytes;
      switch (format.layout()) {
        case Q8_0 -> ByteDots.q8(x, w, first, second, depth, out, to + r, to + other);
        case Q4_0 -> NibbleDots.q4(x, sums, w, first, second, depth, out, to + r, to + other);
        case Q4_K -> NibbleDots.q4k(x, sums, w, first, second, depth, out, to + r, to + other);
        case Q5_K -> {
          ByteDots.q5k(x, sums, w, first, depth, out, to + r);
          ByteDots.q5k(x, sums, w, second, depth, out, to + other);
        }
        default -> {
          ByteDots.q6k(x, w, first, depth, out, to + r);
          ByteDots.q6k(x, w, second, depth, out, to + other);
        }
      }
    }
  }

  @Override
  public void decode(
      BlockFormat format,
      MemorySegment w,
      long at,
      float[] into,
      int to,
      int count,
      Buffers buffers) {
    switch (format.layout()) {
      case Q8_0 -> BlockDecoding.q8(w, at, into, to, count);
      case Q4_0 -> BlockDecoding.q4(w, at, into, to, count);
      case Q4_K -> BlockDecoding.q4k(w, at, into, to, count);
      case Q6_K -> BlockDecoding.q6k(w, at, into, to, count);
      default -> plain.decode(format, w, at, into, to, count, buffers);
    }
  }
}
