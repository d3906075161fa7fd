package dev.heed.tensor;

import dev.heed.tensor.ElementOperators.Binary;
import dev.heed.tensor.ElementOperators.Unary;

/** Truth values from comparing elements. */
sealed interface Comparison permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Whether each element is equal to the other. */
  default Tensor eq(Tensor other) {
    return self().engine().binary(Binary.EQ, self(), other);
  }

  /** Whether each element is equal to a number. */
  default Tensor eq(double number) {
    return self().engine().binary(Binary.EQ, self(), number);
  }

  /** Whether each element is not equal to the other. */
  default Tensor ne(Tensor other) {
    return self().engine().binary(Binary.NE, self(), other);
  }

  /** Whether each element is not equal to a number. */
  default Tensor ne(double number) {
    return self().engine().binary(Binary.NE, self(), number);
  }

  /** Whether each element is less than the other. */
  default Tensor lt(Tensor other) {
    return self().engine().binary(Binary.LT, self(), other);
  }

  /** Whether each element is less than a number. */
  default Tensor lt(double number) {
    return self().engine().binary(Binary.LT, self(), number);
  }

  /** Whether each element is at most the other. */
  default Tensor le(Tensor other) {
    return self().engine().binary(Binary.LE, self(), other);
  }

  /** Whether each element is at most a number. */
  default Tensor le(double number) {
    return self().engine().binary(Binary.LE, self(), number);
  }

  /** Whether each element is greater than the other. */
  default Tensor gt(Tensor other) {
    return self().engine().binary(Binary.GT, self(), other);
  }

  /** Whether each element is greater than a number. */
  default Tensor gt(double number) {
    return self().engine().binary(Binary.GT, self(), number);
  }

  /** Whether each element is at least the other. */
  default Tensor ge(Tensor other) {
    return self().engine().binary(Binary.GE, self(), other);
  }

  /** Whether each element is at least a number. */
  default Tensor ge(double number) {
    return self().engine().binary(Binary.GE, self(), number);
  }

  /** Whether both are true. */
  default Tensor and(Tensor other) {
    return self().engine().binary(Binary.AND, self(), other);
  }

  /** Whether one or both are true. */
  default Tensor or(Tensor other) {
    return self().engine().binary(Binary.OR, self(), other);
  }

  /** Whether each element is false. */
  default Tensor not() {
    return self().engine().unary(Unary.NOT, self());
  }

  /** Whether each element is not a number. */
  default Tensor isNan() {
    return self().engine().unary(Unary.IS_NAN, self());
  }

  /** Whether each element is neither infinite nor not a number. */
  default Tensor isFinite() {
    return self().engine().unary(Unary.IS_FINITE, self());
  }
}
