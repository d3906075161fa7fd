package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Shape;
import java.util.Arrays;

/**
 * What a checkpoint says about one tensor without reading it.
 *
 * @param name the checkpoint's own name
 * @param type element type as stored
 * @param shape sizes, outermost first
 * @param begin first byte, counted from the start of the file's data section
 * @param end one past the last byte
 */
public record TensorInfo(String name, StorageType type, Shape shape, long begin, long end) {
  /** The most dimensions a tensor may have: LibTorch's iterators stop there. */
  public static final int MAX_RANK = 64;

  /** Returns the number of bytes. */
  public long bytes() {
    return end - begin;
  }

  /**
   * Computes the bytes that a shape needs, refusing what cannot be.
   *
   * @param where for the message
   * @param type element type
   * @param sizes outermost first
   * @return shape × element size in bytes
   * @throws CheckpointException {@code TOO_LARGE} for more than {@value #MAX_RANK} dimensions,
   *     {@code SHAPE} for a negative size, an overflow, rows that do not fill whole blocks, or
   *     elements that do not fill whole bytes
   */
  public static long bytesOf(String where, StorageType type, long... sizes) {
    if (sizes.length > MAX_RANK) {
      throw new CheckpointException(
          Kind.TOO_LARGE,
          where,
          "at most " + MAX_RANK + " dimensions",
          sizes.length + "",
          "The file is damaged or hostile; get it again.");
    }
    long bits = type.bits();
    boolean empty = false;
    int last = sizes.length - 1;
    if (type.block() > 1 && (last < 0 || sizes[last] % type.block() != 0)) {
      throw shapeError(where, type, sizes, "rows that are not whole blocks of " + type.block());
    }
    for (int dim = 0; dim <= last; dim++) {
      long size = dim == last ? sizes[dim] / type.block() : sizes[dim];
      // LibTorch's strides overflow beside a zero as well, so a zero counts as one here.
      long factor = Math.max(size, 1);
      if (size < 0 || Math.multiplyHigh(bits, factor) != 0 || bits * factor < 0) {
        throw shapeError(where, type, sizes, "one that overflows or is negative");
      }
      bits *= factor;
      empty |= size == 0;
    }
    if (empty) {
      return 0;
    }
    if (bits % 8 != 0) {
      throw shapeError(where, type, sizes, bits + " bits");
    }
    return bits / 8;
  }

  private static CheckpointException shapeError(
      String where, StorageType type, long[] sizes, String got) {
    return new CheckpointException(
        Kind.SHAPE,
        where,
        "shape × element size to be whole bytes, below 2^60",
        got + " for " + type + " " + Arrays.toString(sizes),
        "The file is damaged or hostile; get it again.");
  }
}
