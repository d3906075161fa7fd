package dev.heed.checkpoint;

import dev.heed.tensor.Shape;
import java.util.List;

/**
 * A tensor of a PyTorch archive: a strided view of a stored array.
 *
 * @param entry the archive's entry that holds the array
 * @param type element type
 * @param elements how many the array is said to have
 * @param offset the view's first element
 * @param shape sizes
 * @param strides in elements, one for each dimension
 */
record TorchStorage(
    String entry, StorageType type, long elements, long offset, Shape shape, List<Long> strides) {
  /** Tells whether the view's elements lie one after another, row-major. */
  boolean isDense() {
    long expected = 1;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      if (shape.size(i) != 1 && strides.get(i) != expected) {
        return false;
      }
      expected *= Math.max(1, shape.size(i));
    }
    return true;
  }

  /**
   * Returns the index of the view's last element, or -1 for an empty view; throws
   * ArithmeticException on overflow.
   */
  long last() {
    long last = offset;
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.size(i) == 0) {
        return -1;
      }
      last = Math.addExact(last, Math.multiplyExact(shape.size(i) - 1, strides.get(i)));
    }
    return last;
  }
}
