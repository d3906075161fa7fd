package dev.heed.tensor;

import org.bytedeco.pytorch.global.torch;

/** Truth values from comparing elements. */
sealed interface Comparison permits Tensor {
  /** Whether each element is equal to the other. */
  default Tensor eq(Tensor other) {
    return Native.op("eq", this, other, (x, y) -> x.eq(y));
  }

  /** Whether each element is equal to a number. */
  default Tensor eq(double number) {
    return Native.op("eq", this, number, (self, scalar) -> self.eq(scalar));
  }

  /** Whether each element is not equal to the other. */
  default Tensor ne(Tensor other) {
    return Native.op("ne", this, other, (x, y) -> x.ne(y));
  }

  /** Whether each element is not equal to a number. */
  default Tensor ne(double number) {
    return Native.op("ne", this, number, (self, scalar) -> self.ne(scalar));
  }

  /** Whether each element is less than the other. */
  default Tensor lt(Tensor other) {
    return Native.op("lt", this, other, (x, y) -> x.lt(y));
  }

  /** Whether each element is less than a number. */
  default Tensor lt(double number) {
    return Native.op("lt", this, number, (self, scalar) -> self.lt(scalar));
  }

  /** Whether each element is at most the other. */
  default Tensor le(Tensor other) {
    return Native.op("le", this, other, (x, y) -> x.le(y));
  }

  /** Whether each element is at most a number. */
  default Tensor le(double number) {
    return Native.op("le", this, number, (self, scalar) -> self.le(scalar));
  }

  /** Whether each element is greater than the other. */
  default Tensor gt(Tensor other) {
    return Native.op("gt", this, other, (x, y) -> x.gt(y));
  }

  /** Whether each element is greater than a number. */
  default Tensor gt(double number) {
    return Native.op("gt", this, number, (self, scalar) -> self.gt(scalar));
  }

  /** Whether each element is at least the other. */
  default Tensor ge(Tensor other) {
    return Native.op("ge", this, other, (x, y) -> x.ge(y));
  }

  /** Whether each element is at least a number. */
  default Tensor ge(double number) {
    return Native.op("ge", this, number, (self, scalar) -> self.ge(scalar));
  }

  /** Whether both are true. */
  default Tensor and(Tensor other) {
    return Native.op("and", this, other, (x, y) -> x.logical_and(y));
  }

  /** Whether one or both are true. */
  default Tensor or(Tensor other) {
    return Native.op("or", this, other, (x, y) -> x.logical_or(y));
  }

  /** Whether each element is false. */
  default Tensor not() {
    return Native.op("not", this, x -> x.logical_not());
  }

  /** Whether each element is not a number. */
  default Tensor isNan() {
    return Native.op("isNan", this, x -> torch.isnan(x));
  }

  /** Whether each element is neither infinite nor not a number. */
  default Tensor isFinite() {
    return Native.op("isFinite", this, x -> torch.isfinite(x));
  }
}
