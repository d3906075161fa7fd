package dev.heed.nn;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;

/** How a new parameter starts. */
@FunctionalInterface
public interface Initializer {
  /** Zeros. */
  Initializer ZEROS = (shape, dtype, generator) -> Tensor.zeros(shape, dtype);

  /** Ones. */
  Initializer ONES = (shape, dtype, generator) -> Tensor.ones(shape, dtype);

  /** One number everywhere. */
  static Initializer constant(double value) {
    return (shape, dtype, generator) -> Tensor.full(shape, value, dtype);
  }

  /**
   * Makes the first values.
   *
   * @param generator where random numbers come from
   */
  Tensor make(Shape shape, DType dtype, Generator generator);

  /** Normal numbers of mean 0 and this standard deviation. */
  static Initializer normal(double deviation) {
    return (shape, dtype, generator) -> Tensor.randn(generator, shape, dtype).mul(deviation);
  }

  /** Uniform numbers in {@code [-bound, bound)}. */
  static Initializer uniform(double bound) {
    return (shape, dtype, generator) ->
        Tensor.rand(generator, shape, dtype).mul(2 * bound).sub(bound);
  }

  /** Uniform with bound {@code √(6 / (in + out))} (Glorot and Bengio 2010, equation 16). */
  static Initializer xavier(long in, long out) {
    return uniform(Math.sqrt(6.0 / (in + out)));
  }
}
