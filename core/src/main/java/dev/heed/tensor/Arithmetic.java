package dev.heed.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.global.torch;

/** Arithmetic on each element, or on pairs of elements at the same place. */
sealed interface Arithmetic permits Tensor {
  /** Sum of the elements. */
  default Tensor add(Tensor other) {
    return Native.op("add", this, other, (x, y) -> x.add(y));
  }

  /** Sum of each element and a number. */
  default Tensor add(double number) {
    return Native.op("add", this, number, (self, scalar) -> self.add(scalar));
  }

  /** Difference of the elements. */
  default Tensor sub(Tensor other) {
    return Native.op("sub", this, other, (x, y) -> x.sub(y));
  }

  /** Difference of each element and a number. */
  default Tensor sub(double number) {
    return Native.op("sub", this, number, (self, scalar) -> self.sub(scalar));
  }

  /** Product of the elements. */
  default Tensor mul(Tensor other) {
    return Native.op("mul", this, other, (x, y) -> x.mul(y));
  }

  /** Product of each element and a number. */
  default Tensor mul(double number) {
    return Native.op("mul", this, number, (self, scalar) -> self.mul(scalar));
  }

  /** Quotient of the elements. */
  default Tensor div(Tensor other) {
    return Native.op("div", this, other, (x, y) -> x.div(y));
  }

  /** Quotient of each element and a number. */
  default Tensor div(double number) {
    return Native.op("div", this, number, (self, scalar) -> self.div(scalar));
  }

  /** Each element to this power. */
  default Tensor pow(double exponent) {
    return Native.op("pow", this, exponent, (self, scalar) -> self.pow(scalar));
  }

  /** Each element to the power at its place. */
  default Tensor pow(Tensor exponent) {
    return Native.op("pow", this, exponent, (x, y) -> x.pow(y));
  }

  /** What floor division leaves, with the sign of the divisor. */
  default Tensor remainder(double divisor) {
    return Native.op("remainder", this, divisor, (self, scalar) -> self.remainder(scalar));
  }

  /** The quotient rounded down. */
  default Tensor floorDiv(double divisor) {
    return Native.op("floorDiv", this, divisor, (self, scalar) -> self.floor_divide(scalar));
  }

  /** The smaller of the two elements at each place. */
  default Tensor minimum(Tensor other) {
    return Native.op("minimum", this, other, (x, y) -> x.minimum(y));
  }

  /** The larger of the two elements at each place. */
  default Tensor maximum(Tensor other) {
    return Native.op("maximum", this, other, (x, y) -> x.maximum(y));
  }

  /** Each element moved into [low, high]; an infinite bound is none. */
  default Tensor clamp(double low, double high) {
    DType type = ((Tensor) this).dtype();
    return Native.op(
        "clamp",
        this,
        x -> {
          try (Scalar least = Conversions.scalar(low, type);
              Scalar most = Conversions.scalar(high, type);
              ScalarOptional from =
                  low == Double.NEGATIVE_INFINITY
                      ? new ScalarOptional()
                      : new ScalarOptional(least);
              ScalarOptional to =
                  high == Double.POSITIVE_INFINITY
                      ? new ScalarOptional()
                      : new ScalarOptional(most)) {
            return x.clamp(from, to);
          }
        });
  }

  /** Each element with the other sign. */
  default Tensor neg() {
    return Native.op("neg", this, x -> x.neg());
  }

  /** Each element without its sign; the length of a complex one. */
  default Tensor abs() {
    return Native.op("abs", this, x -> x.abs());
  }

  /** -1, 0 or 1 for each element. */
  default Tensor sign() {
    return Native.op("sign", this, x -> x.sign());
  }

  /** e to each element. */
  default Tensor exp() {
    return Native.op("exp", this, x -> x.exp());
  }

  /** The natural logarithm of each element. */
  default Tensor log() {
    return Native.op("log", this, x -> x.log());
  }

  /** {@code eˣ - 1}, exact near zero. */
  default Tensor expm1() {
    return Native.op("expm1", this, x -> x.expm1());
  }

  /** {@code log(1 + x)}, exact near 0. */
  default Tensor log1p() {
    return Native.op("log1p", this, x -> x.log1p());
  }

  /** The square root of each element. */
  default Tensor sqrt() {
    return Native.op("sqrt", this, x -> x.sqrt());
  }

  /** One over the square root of each element. */
  default Tensor rsqrt() {
    return Native.op("rsqrt", this, x -> x.rsqrt());
  }

  /** Each element times itself. */
  default Tensor square() {
    return Native.op("square", this, x -> x.square());
  }

  /** One over each element. */
  default Tensor reciprocal() {
    return Native.op("reciprocal", this, x -> x.reciprocal());
  }

  /** The sine of each element. */
  default Tensor sin() {
    return Native.op("sin", this, x -> x.sin());
  }

  /** The cosine of each element. */
  default Tensor cos() {
    return Native.op("cos", this, x -> x.cos());
  }

  /** The hyperbolic tangent of each element. */
  default Tensor tanh() {
    return Native.op("tanh", this, x -> x.tanh());
  }

  /** {@code 1 / (1 + exp(-x))} for each element. */
  default Tensor sigmoid() {
    return Native.op("sigmoid", this, x -> x.sigmoid());
  }

  /** Each element, or 0 where it is negative. */
  default Tensor relu() {
    return Native.op("relu", this, x -> x.relu());
  }

  /** The error function of each element. */
  default Tensor erf() {
    return Native.op("erf", this, x -> x.erf());
  }

  /** Each element rounded down. */
  default Tensor floor() {
    return Native.op("floor", this, x -> x.floor());
  }

  /** Each element rounded up. */
  default Tensor ceil() {
    return Native.op("ceil", this, x -> x.ceil());
  }

  /** Each element rounded to the nearest integer, halves to even. */
  default Tensor round() {
    return Native.op("round", this, x -> x.round());
  }

  /** {@code x · Φ(x)}: exactly, or by the tanh approximation. */
  default Tensor gelu(boolean tanhApproximation) {
    return Native.op("gelu", this, x -> torch.gelu(x, tanhApproximation ? "tanh" : "none"));
  }

  /** {@code x · sigmoid(x)}. */
  default Tensor silu() {
    return Native.op("silu", this, x -> torch.silu(x));
  }

  /** {@code log(1 + exp(x))}. */
  default Tensor softplus() {
    return Native.op("softplus", this, x -> torch.softplus(x));
  }

  /** {@code x}, or {@code exp(x) - 1} where x is negative. */
  default Tensor elu() {
    return Native.op("elu", this, x -> torch.elu(x));
  }
}
