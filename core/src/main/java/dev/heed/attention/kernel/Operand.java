package dev.heed.attention.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor {@code [B, H, T, D]} in native memory, of any strides, seen by rows of {@code D}
 * numbers.
 *
 * @param memory begins at the tensor's first element and reaches its last
 * @param format of the elements
 * @param batches {@code B}
 * @param heads {@code H}
 * @param length {@code T}
 * @param width {@code D}
 * @param batchStride distance of sequences, in elements
 * @param headStride distance of heads, in elements
 * @param rowStride distance of rows, in elements
 * @param columnStride distance of a row's neighbours, in elements
 */
record Operand(
    MemorySegment memory,
    ElementFormat format,
    int batches,
    int heads,
    int length,
    int width,
    long batchStride,
    long headStride,
    long rowStride,
    long columnStride) {

  /** An operand in row-major order. */
  static Operand contiguous(
      MemorySegment memory, ElementFormat format, int batches, int heads, int length, int width) {
    long plane = (long) length * width;
    return new Operand(
        memory, format, batches, heads, length, width, heads * plane, plane, width, 1);
  }

  /** Reads one element. */
  double get(int batch, int head, int row, int column) {
    return format.read(memory, offset(batch, head, row) + column * columnBytes());
  }

  /** Writes one element, rounded to the format. */
  void set(int batch, int head, int row, int column, double value) {
    format.write(memory, offset(batch, head, row) + column * columnBytes(), value);
  }

  /**
   * Copies rows into an array as floats.
   *
   * @param stride distance of rows in the array; columns from {@code D} up to it become zero
   */
  void load(int batch, int head, int row, int rows, float[] target, int at, int stride) {
    long from = offset(batch, head, row);
    long step = rowStride * format.bytes();
    if (columnStride == 1 && format == ElementFormat.F32) {
      RowCopy.loadF32(memory, from, step, rows, width, target, at, stride);
    } else if (columnStride == 1 && format == ElementFormat.BF16) {
      RowCopy.loadBf16(memory, from, step, rows, width, target, at, stride);
    } else {
      for (int i = 0; i < rows; i++) {
        loadElements(from + i * step, target, at + i * stride, stride);
      }
    }
  }

  private void loadElements(long from, float[] target, int at, int stride) {
    for (int j = 0; j < width; j++) {
      target[at + j] = (float) format.read(memory, from + j * columnBytes());
    }
    Arrays.fill(target, at + width, at + stride, 0f);
  }

  /** Writes {@code factor · values} as one row, rounded to the format. */
  void store(int batch, int head, int row, float[] values, int at, float factor) {
    long to = offset(batch, head, row);
    if (columnStride == 1 && format == ElementFormat.F32) {
      RowCopy.storeF32(values, at, factor, width, memory, to);
    } else if (columnStride == 1 && format == ElementFormat.BF16) {
      RowCopy.storeBf16(values, at, factor, width, memory, to);
    } else {
      for (int j = 0; j < width; j++) {
        format.write(memory, to + j * columnBytes(), values[at + j] * factor);
      }
    }
  }

  private long offset(int batch, int head, int row) {
    return (batch * batchStride + head * headStride + row * rowStride) * format.bytes();
  }

  private long columnBytes() {
    return columnStride * format.bytes();
  }
}
