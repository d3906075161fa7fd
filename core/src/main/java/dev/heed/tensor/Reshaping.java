package dev.heed.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** How the elements are laid out: sizes, order of dimensions, repetition and padding. */
sealed interface Reshaping permits Tensor {
  /** The same elements under other sizes; one size may be -1. Copies only where it must. */
  default Tensor reshape(long... sizes) {
    return Native.op("reshape", this, x -> x.reshape(sizes));
  }

  /**
   * The same memory under other sizes; one size may be -1.
   *
   * @throws ShapeException if that would need a copy
   */
  default Tensor view(long... sizes) {
    return Native.op("view", this, x -> x.view(sizes));
  }

  /** Swaps two dimensions; shares memory. */
  default Tensor transpose(int a, int b) {
    return Native.op("transpose", this, x -> x.transpose(a, b));
  }

  /** Orders all dimensions anew; shares memory. */
  default Tensor permute(long... dims) {
    return Native.op("permute", this, x -> x.permute(dims));
  }

  /** Adds a dimension of size 1 at this place. */
  default Tensor unsqueeze(int dim) {
    return Native.op("unsqueeze", this, x -> x.unsqueeze(dim));
  }

  /** Removes a dimension of size 1; any other size stays. */
  default Tensor squeeze(int dim) {
    return Native.op("squeeze", this, x -> x.squeeze(dim));
  }

  /** Repeats dimensions of size 1 without a copy; -1 leaves a size as it is. */
  default Tensor expand(long... sizes) {
    return Native.op("expand", this, x -> x.expand(sizes));
  }

  /** Joins the dimensions from {@code first} to {@code last} into one. */
  default Tensor flatten(int first, int last) {
    return Native.op("flatten", this, x -> x.flatten(first, last));
  }

  /** Splits one dimension into several. */
  default Tensor unflatten(int dim, long... sizes) {
    return Native.op("unflatten", this, x -> x.unflatten(dim, sizes));
  }

  /** Copies of the whole tensor beside each other, so many along each dimension. */
  default Tensor repeat(long... times) {
    return Native.op("repeat", this, x -> x.repeat(times));
  }

  /** Each slice along a dimension {@code times} times in a row. */
  default Tensor repeatInterleave(long times, int dim) {
    return Native.op(
        "repeatInterleave",
        this,
        x -> x.repeat_interleave(times, new LongOptional(dim), new LongOptional()));
  }

  /** Reverses the order along these dimensions. */
  default Tensor flip(long... dims) {
    return Native.op("flip", this, x -> x.flip(dims));
  }

  /** Shifts along a dimension; what leaves at one end enters at the other. */
  default Tensor roll(long shift, int dim) {
    return Native.op("roll", this, x -> x.roll(new long[] {shift}, dim));
  }

  /**
   * Adds constant elements around: pairs (before, after), last dimension first; may be negative.
   */
  default Tensor pad(double value, long... pairs) {
    return Native.op(
        "pad", this, value, (self, scalar) -> torch.constant_pad_nd(self, pairs, scalar));
  }
}
