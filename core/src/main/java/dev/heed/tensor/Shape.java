package dev.heed.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The sizes of a tensor's dimensions, outermost first; immutable. */
public final class Shape {
  private static final Shape SCALAR = new Shape(new long[0]);

  private final long[] sizes;

  private Shape(long[] sizes) {
    this.sizes = sizes;
  }

  /**
   * A shape of these sizes.
   *
   * @param sizes outermost first; none for a scalar
   * @throws ShapeException if a size is negative
   */
  public static Shape of(long... sizes) {
    for (long size : sizes) {
      if (size < 0) {
        throw new ShapeException(
            "shape " + Arrays.toString(sizes) + ": expected sizes of 0 or more, got " + size);
      }
    }
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  /** How many dimensions there are: 0 for a scalar. */
  public int rank() {
    return sizes.length;
  }

  /**
   * The size of one dimension.
   *
   * @param dim from 0, or from the end when negative: -1 is the last
   * @throws ShapeException if there is no such dimension
   */
  public long size(int dim) {
    int index = dim < 0 ? dim + sizes.length : dim;
    if (index < 0 || index >= sizes.length) {
      throw new ShapeException(
          "dimension " + dim + ": expected one of a shape with " + sizes.length + ", got " + this);
    }
    return sizes[index];
  }

  /**
   * How many elements a tensor of this shape has: the product of the sizes, 1 for a scalar.
   *
   * @throws ShapeException if the product does not fit a {@code long}
   */
  public long elements() {
    long product = 1;
    try {
      for (long size : sizes) {
        product = Math.multiplyExact(product, size);
      }
    } catch (ArithmeticException e) {
      throw new ShapeException("shape " + this + " has more elements than a long can count", e);
    }
    return product;
  }

  /** The sizes as a new array. */
  public long[] toArray() {
    return sizes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(sizes, shape.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** For example {@code [2, 3]}. */
  @Override
  public String toString() {
    return Arrays.stream(sizes)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
