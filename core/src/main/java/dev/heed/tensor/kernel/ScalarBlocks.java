package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Blocks by plain loops. */
final class ScalarBlocks implements BlockKernel {
  /** How many bytes of blocks are decoded at a time: what stays in a processor's cache. */
  private static final int CHUNK = 4096;

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
    float[] row = buffers.floats(4, depth);
    for (int r = 0; r < rows; r++) {
      decode(format, w, at + r * rowBytes, row, 0, depth, buffers);
      float sum = 0;
      for (int l = 0; l < depth; l++) {
        sum += x[l] * row[l];
      }
      out[to + r] = sum;
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
    if (format.values() == 1) {
      halves(format, w, at, into, to, count, buffers);
      return;
    }
    byte[] bytes = buffers.bytes(CHUNK);
    int most = CHUNK / format.bytes();
    int blocks = count / format.values();
    for (int done = 0; done < blocks; done += most) {
      int part = Math.min(most, blocks - done);
      long from = at + (long) done * format.bytes();
      MemorySegment.copy(w, ValueLayout.JAVA_BYTE, from, bytes, 0, part * format.bytes());
      for (int i = 0; i < part; i++) {
        format.decoder().decode(bytes, i * format.bytes(), into, to + (done + i) * format.values());
      }
    }
  }

  private static void halves(
      BlockFormat format,
      MemorySegment w,
      long at,
      float[] into,
      int to,
      int count,
      Buffers buffers) {
    short[] bits = buffers.shorts(count);
    MemorySegment.copy(w, ValueLayout.JAVA_SHORT_UNALIGNED, at, bits, 0, count);
    if (format.layout() == BlockFormat.Layout.BF16) {
      for (int i = 0; i < count; i++) {
        into[to + i] = Float.intBitsToFloat(bits[i] << Short.SIZE);
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[to + i] = Float.float16ToFloat(bits[i]);
      }
    }
  }
}
