package dev.heed.tensor;

/** How the elements are laid out: sizes, order of dimensions, repetition and padding. */
sealed interface Reshaping permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** The same elements under other sizes; one size may be -1. Copies only where it must. */
  default Tensor reshape(long... sizes) {
    return self().engine().reshape(self(), sizes);
  }

  /**
   * The same memory under other sizes; one size may be -1.
   *
   * @throws ShapeException if that would need a copy
   */
  default Tensor view(long... sizes) {
    return self().engine().view(self(), sizes);
  }

  /** Swaps two dimensions; shares memory. */
  default Tensor transpose(int a, int b) {
    return self().engine().transpose(self(), a, b);
  }

  /** Orders all dimensions anew; shares memory. */
  default Tensor permute(long... dims) {
    return self().engine().permute(self(), dims);
  }

  /** Adds a dimension of size 1 at this place. */
  default Tensor unsqueeze(int dim) {
    return self().engine().unsqueeze(self(), dim);
  }

  /** Removes a dimension of size 1; any other size stays. */
  default Tensor squeeze(int dim) {
    return self().engine().squeeze(self(), dim);
  }

  /** Repeats dimensions of size 1 without a copy; -1 leaves a size as it is. */
  default Tensor expand(long... sizes) {
    return self().engine().expand(self(), sizes);
  }

  /** Joins the dimensions from {@code first} to {@code last} into one. */
  default Tensor flatten(int first, int last) {
    return self().engine().flatten(self(), first, last);
  }

  /** Splits one dimension into several. */
  default Tensor unflatten(int dim, long... sizes) {
    return self().engine().unflatten(self(), dim, sizes);
  }

  /** Copies of the whole tensor beside each other, so many along each dimension. */
  default Tensor repeat(long... times) {
    return self().engine().repeat(self(), times);
  }

  /** Each slice along a dimension {@code times} times in a row. */
  default Tensor repeatInterleave(long times, int dim) {
    return self().engine().repeatInterleave(self(), times, dim);
  }

  /** Reverses the order along these dimensions. */
  default Tensor flip(long... dims) {
    return self().engine().flip(self(), dims);
  }

  /** Shifts along a dimension; what leaves at one end enters at the other. */
  default Tensor roll(long shift, int dim) {
    return self().engine().roll(self(), shift, dim);
  }

  /**
   * Adds constant elements around: pairs (before, after), last dimension first; may be negative.
   */
  default Tensor pad(double value, long... pairs) {
    return self().engine().pad(self(), value, pairs);
  }
}
