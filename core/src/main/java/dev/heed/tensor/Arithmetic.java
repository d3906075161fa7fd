package dev.heed.tensor;

import dev.heed.tensor.ElementOperators.Binary;
import dev.heed.tensor.ElementOperators.Unary;

/** Arithmetic on each element, or on pairs of elements at the same place. */
sealed interface Arithmetic permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** Sum of the elements. */
  default Tensor add(Tensor other) {
    return self().engine().binary(Binary.ADD, self(), other);
  }

  /** Sum of each element and a number. */
  default Tensor add(double number) {
    return self().engine().binary(Binary.ADD, self(), number);
  }

  /** Difference of the elements. */
  default Tensor sub(Tensor other) {
    return self().engine().binary(Binary.SUB, self(), other);
  }

  /** Difference of each element and a number. */
  default Tensor sub(double number) {
    return self().engine().binary(Binary.SUB, self(), number);
  }

  /** Product of the elements. */
  default Tensor mul(Tensor other) {
    return self().engine().binary(Binary.MUL, self(), other);
  }

  /** Product of each element and a number. */
  default Tensor mul(double number) {
    return self().engine().binary(Binary.MUL, self(), number);
  }

  /** Quotient of the elements. */
  default Tensor div(Tensor other) {
    return self().engine().binary(Binary.DIV, self(), other);
  }

  /** Quotient of each element and a number. */
  default Tensor div(double number) {
    return self().engine().binary(Binary.DIV, self(), number);
  }

  /** Each element to this power. */
  default Tensor pow(double exponent) {
    return self().engine().binary(Binary.POW, self(), exponent);
  }

  /** Each element to the power at its place. */
  default Tensor pow(Tensor exponent) {
    return self().engine().binary(Binary.POW, self(), exponent);
  }

  /** What floor division leaves, with the sign of the divisor. */
  default Tensor remainder(double divisor) {
    return self().engine().binary(Binary.REMAINDER, self(), divisor);
  }

  /** The quotient rounded down. */
  default Tensor floorDiv(double divisor) {
    return self().engine().binary(Binary.FLOOR_DIV, self(), divisor);
  }

  /** The smaller of the two elements at each place. */
  default Tensor minimum(Tensor other) {
    return self().engine().binary(Binary.MINIMUM, self(), other);
  }

  /** The larger of the two elements at each place. */
  default Tensor maximum(Tensor other) {
    return self().engine().binary(Binary.MAXIMUM, self(), other);
  }

  /** Each element moved into [low, high]; an infinite bound is none. */
  default Tensor clamp(double low, double high) {
    return self().engine().clamp(self(), low, high);
  }

  /** Each element with the other sign. */
  default Tensor neg() {
    return self().engine().unary(Unary.NEG, self());
  }

  /** Each element without its sign; the length of a complex one. */
  default Tensor abs() {
    return self().engine().unary(Unary.ABS, self());
  }

  /** -1, 0 or 1 for each element. */
  default Tensor sign() {
    return self().engine().unary(Unary.SIGN, self());
  }

  /** e to each element. */
  default Tensor exp() {
    return self().engine().unary(Unary.EXP, self());
  }

  /** The natural logarithm of each element. */
  default Tensor log() {
    return self().engine().unary(Unary.LOG, self());
  }

  /** {@code eˣ - 1}, exact near zero. */
  default Tensor expm1() {
    return self().engine().unary(Unary.EXPM1, self());
  }

  /** {@code log(1 + x)}, exact near 0. */
  default Tensor log1p() {
    return self().engine().unary(Unary.LOG1P, self());
  }

  /** The square root of each element. */
  default Tensor sqrt() {
    return self().engine().unary(Unary.SQRT, self());
  }

  /** One over the square root of each element. */
  default Tensor rsqrt() {
    return self().engine().unary(Unary.RSQRT, self());
  }

  /** Each element times itself. */
  default Tensor square() {
    return self().engine().unary(Unary.SQUARE, self());
  }

  /** One over each element. */
  default Tensor reciprocal() {
    return self().engine().unary(Unary.RECIPROCAL, self());
  }

  /** The sine of each element. */
  default Tensor sin() {
    return self().engine().unary(Unary.SIN, self());
  }

  /** The cosine of each element. */
  default Tensor cos() {
    return self().engine().unary(Unary.COS, self());
  }

  /** The hyperbolic tangent of each element. */
  default Tensor tanh() {
    return self().engine().unary(Unary.TANH, self());
  }

  /** {@code 1 / (1 + exp(-x))} for each element. */
  default Tensor sigmoid() {
    return self().engine().unary(Unary.SIGMOID, self());
  }

  /** Each element, or 0 where it is negative. */
  default Tensor relu() {
    return self().engine().unary(Unary.RELU, self());
  }

  /** The error function of each element. */
  default Tensor erf() {
    return self().engine().unary(Unary.ERF, self());
  }

  /** Each element rounded down. */
  default Tensor floor() {
    return self().engine().unary(Unary.FLOOR, self());
  }

  /** Each element rounded up. */
  default Tensor ceil() {
    return self().engine().unary(Unary.CEIL, self());
  }

  /** Each element rounded to the nearest integer, halves to even. */
  default Tensor round() {
    return self().engine().unary(Unary.ROUND, self());
  }

  /** {@code x · Φ(x)}: exactly, or by the tanh approximation. */
  default Tensor gelu(boolean tanhApproximation) {
    return self().engine().unary(tanhApproximation ? Unary.GELU_TANH : Unary.GELU, self());
  }

  /** {@code x · sigmoid(x)}. */
  default Tensor silu() {
    return self().engine().unary(Unary.SILU, self());
  }

  /** {@code log(1 + exp(x))}. */
  default Tensor softplus() {
    return self().engine().unary(Unary.SOFTPLUS, self());
  }

  /** {@code x}, or {@code exp(x) - 1} where x is negative. */
  default Tensor elu() {
    return self().engine().unary(Unary.ELU, self());
  }
}
