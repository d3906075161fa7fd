package dev.heed.tensor;

import dev.heed.tensor.FoldingOperators.Fold;

/** Folds a dimension, or all of them, into one value. */
sealed interface Reduction permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /** The sum of all elements, a scalar. */
  default Tensor sum() {
    return self().engine().fold(Fold.SUM, self());
  }

  /** The sum along a dimension, which stays with size 1 if {@code keep}. */
  default Tensor sum(int dim, boolean keep) {
    return self().engine().fold(Fold.SUM, self(), dim, keep);
  }

  /** The mean of all elements, a scalar. */
  default Tensor mean() {
    return self().engine().fold(Fold.MEAN, self());
  }

  /** The mean along a dimension, which stays with size 1 if {@code keep}. */
  default Tensor mean(int dim, boolean keep) {
    return self().engine().fold(Fold.MEAN, self(), dim, keep);
  }

  /** The variance along a dimension: over n, or over n - 1 if {@code unbiased}. */
  default Tensor var(int dim, boolean unbiased, boolean keep) {
    return self().engine().var(self(), dim, unbiased, keep);
  }

  /** The largest of all elements, a scalar. */
  default Tensor max() {
    return self().engine().fold(Fold.MAX, self());
  }

  /** The smallest of all elements, a scalar. */
  default Tensor min() {
    return self().engine().fold(Fold.MIN, self());
  }

  /** The largest along a dimension; the gradient is shared by equal ones. */
  default Tensor amax(int dim, boolean keep) {
    return self().engine().fold(Fold.MAX, self(), dim, keep);
  }

  /** The smallest along a dimension; the gradient is shared by equal ones. */
  default Tensor amin(int dim, boolean keep) {
    return self().engine().fold(Fold.MIN, self(), dim, keep);
  }

  /** The largest along a dimension, and where it stands. */
  default Tensor.Ranked max(int dim, boolean keep) {
    return self().engine().extreme(self(), true, dim, keep);
  }

  /** The smallest along a dimension, and where it stands. */
  default Tensor.Ranked min(int dim, boolean keep) {
    return self().engine().extreme(self(), false, dim, keep);
  }

  /** Where the largest element along a dimension stands. */
  default Tensor argmax(int dim, boolean keep) {
    return self().engine().argmax(self(), dim, keep);
  }

  /** The k largest along a dimension, largest first, and where they stand. */
  default Tensor.Ranked topk(long k, int dim) {
    return self().engine().topk(self(), k, dim);
  }

  /** The elements along a dimension in order, equal ones as they were, and where they stood. */
  default Tensor.Ranked sort(int dim, boolean descending) {
    return self().engine().sort(self(), dim, descending);
  }

  /** The running sum along a dimension. */
  default Tensor cumsum(int dim) {
    return self().engine().cumsum(self(), dim);
  }

  /** The running product along a dimension. */
  default Tensor cumprod(int dim) {
    return self().engine().cumprod(self(), dim);
  }

  /** Whether all elements are true. */
  default Tensor all() {
    return self().engine().fold(Fold.ALL, self());
  }

  /** Whether any element is true. */
  default Tensor any() {
    return self().engine().fold(Fold.ANY, self());
  }

  /** Whether all elements along a dimension are true. */
  default Tensor all(int dim, boolean keep) {
    return self().engine().fold(Fold.ALL, self(), dim, keep);
  }

  /** Whether any element along a dimension is true. */
  default Tensor any(int dim, boolean keep) {
    return self().engine().fold(Fold.ANY, self(), dim, keep);
  }

  /** The Euclidean length along a dimension. */
  default Tensor norm(int dim, boolean keep) {
    return self().engine().fold(Fold.NORM, self(), dim, keep);
  }
}
