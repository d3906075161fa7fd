package dev.heed.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a tensor of the Java engine is: a view of {@link Memory} by strides.
 *
 * @param memory what it holds a reference to
 * @param offset of the first element, in elements
 * @param sizes of the dimensions, outermost first
 * @param strides from element to element along each dimension, in elements; may be 0 or negative
 * @param type of the elements
 */
record Strided(Memory memory, long offset, long[] sizes, long[] strides, DType type) {
  /** New memory in row-major order, which holds anything. */
  static Strided allocate(DType type, long... sizes) {
    if (type.isComplex()) {
      throw new TensorException(
          "complex numbers: the Java engine has none; " + EngineChoice.LIBTORCH_REMEDY);
    }
    long bytes = Math.multiplyExact(Shape.of(sizes).elements(), type.bytes());
    return new Strided(Memory.allocate(bytes), 0, sizes, rowMajor(sizes), type);
  }

  /** The strides of row-major order. */
  static long[] rowMajor(long... sizes) {
    long[] strides = new long[sizes.length];
    long stride = 1;
    for (int d = sizes.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= Math.max(1, sizes[d]);
    }
    return strides;
  }

  /** Another view of the same memory, with a reference of its own. */
  Strided view(long from, long[] newSizes, long[] newStrides) {
    return new Strided(memory.retain(), from, newSizes, newStrides, type);
  }

  MemorySegment data() {
    return memory.segment();
  }

  int rank() {
    return sizes.length;
  }

  long elements() {
    long product = 1;
    for (long size : sizes) {
      product *= size;
    }
    return product;
  }

  /** Where a row along the last dimension begins, rows being counted in row-major order. */
  long row(long row) {
    long at = offset;
    long left = row;
    for (int d = rank() - 2; d >= 0; d--) {
      at += left % sizes[d] * strides[d];
      left /= sizes[d];
    }
    return at;
  }

  /** The dimension's place from 0; a scalar counts as a vector of one. */
  int dim(String operation, int dim) {
    int rank = Math.max(1, rank());
    int place = dim < 0 ? dim + rank : dim;
    if (place < 0 || place >= rank) {
      throw new ShapeException(
          operation + ": expected a dimension of " + describe() + ", got " + dim);
    }
    return place;
  }

  /** The size of a place that {@link #dim} gave. */
  long size(int place) {
    return sizes.length == 0 ? 1 : sizes[place];
  }

  /** The stride of a place that {@link #dim} gave. */
  long stride(int place) {
    return strides.length == 0 ? 1 : strides[place];
  }

  boolean isContiguous() {
    long expected = 1;
    for (int d = sizes.length - 1; d >= 0; d--) {
      if (sizes[d] == 0) {
        return true;
      }
      if (sizes[d] != 1 && strides[d] != expected) {
        return elements() == 0;
      }
      expected *= sizes[d];
    }
    return true;
  }

  /**
   * The strides by which this is read as a larger shape.
   *
   * @throws ShapeException if it does not broadcast to it
   */
  long[] stridesFor(String operation, long... shape) {
    long[] wanted = new long[shape.length];
    int lead = shape.length - sizes.length;
    boolean fits = lead >= 0;
    for (int d = 0; fits && d < sizes.length; d++) {
      fits = sizes[d] == shape[lead + d] || sizes[d] == 1;
      wanted[lead + d] = sizes[d] == shape[lead + d] ? strides[d] : 0;
    }
    if (!fits) {
      throw new ShapeException(
          operation
              + ": expected a shape that broadcasts to "
              + Arrays.toString(shape)
              + ", got "
              + describe());
    }
    return wanted;
  }

  /** The shape that two operands broadcast to. */
  static long[] together(String operation, Strided x, Strided y) {
    int rank = Math.max(x.rank(), y.rank());
    long[] shape = new long[rank];
    for (int d = 1; d <= rank; d++) {
      long a = d <= x.rank() ? x.sizes[x.rank() - d] : 1;
      long b = d <= y.rank() ? y.sizes[y.rank() - d] : 1;
      if (a != b && a != 1 && b != 1) {
        throw new ShapeException(
            operation
                + ": expected shapes that broadcast, got "
                + x.describe()
                + " and "
                + y.describe());
      }
      shape[rank - d] = a == 1 ? b : a;
    }
    return shape;
  }

  /** The strides that read the same elements under other sizes, or null if that needs a copy. */
  long @Nullable [] stridesUnder(long... wanted) {
    if (elements() == 0) {
      return rowMajor(wanted);
    }
    long[] result = new long[wanted.length];
    int to = wanted.length - 1;
    long base = sizes.length == 0 ? 1 : strides[sizes.length - 1];
    long chunk = 1;
    long covered = 1;
    for (int d = sizes.length - 1; d >= 0; d--) {
      chunk *= sizes[d];
      boolean ends = d == 0 || (sizes[d - 1] != 1 && strides[d - 1] != chunk * base);
      if (!ends) {
        continue;
      }
      while (to >= 0 && (covered < chunk || wanted[to] == 1)) {
        result[to] = covered * base;
        covered *= wanted[to];
        to--;
      }
      if (covered != chunk) {
        return null;
      }
      if (d > 0) {
        base = strides[d - 1];
        chunk = 1;
        covered = 1;
      }
    }
    for (; to >= 0; to--) {
      result[to] = 1;
    }
    return result;
  }

  String describe() {
    return type.toString() + Shape.of(sizes);
  }
}
