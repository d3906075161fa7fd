package dev.heed.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;

/** Folds a dimension, or all of them, into one value. */
sealed interface Reduction permits Tensor {
  /** The sum of all elements, a scalar. */
  default Tensor sum() {
    return Native.op("sum", this, x -> x.sum());
  }

  /** The sum along a dimension, which stays with size 1 if {@code keep}. */
  default Tensor sum(int dim, boolean keep) {
    return Native.op("sum", this, x -> x.sum(new long[] {dim}, keep, new ScalarTypeOptional()));
  }

  /** The mean of all elements, a scalar. */
  default Tensor mean() {
    return Native.op("mean", this, x -> x.mean());
  }

  /** The mean along a dimension, which stays with size 1 if {@code keep}. */
  default Tensor mean(int dim, boolean keep) {
    return Native.op("mean", this, x -> x.mean(new long[] {dim}, keep, new ScalarTypeOptional()));
  }

  /** The variance along a dimension: over n, or over n - 1 if {@code unbiased}. */
  default Tensor var(int dim, boolean unbiased, boolean keep) {
    return Native.op("var", this, x -> x.var(new long[] {dim}, unbiased, keep));
  }

  /** The largest of all elements, a scalar. */
  default Tensor max() {
    return Native.op("max", this, x -> x.max());
  }

  /** The smallest of all elements, a scalar. */
  default Tensor min() {
    return Native.op("min", this, x -> x.min());
  }

  /** The largest along a dimension; the gradient is shared by equal ones. */
  default Tensor amax(int dim, boolean keep) {
    return Native.op("amax", this, x -> x.amax(new long[] {dim}, keep));
  }

  /** The smallest along a dimension; the gradient is shared by equal ones. */
  default Tensor amin(int dim, boolean keep) {
    return Native.op("amin", this, x -> x.amin(new long[] {dim}, keep));
  }

  /** The largest along a dimension, and where it stands. */
  default Tensor.Ranked max(int dim, boolean keep) {
    return Native.ranked("max", this, x -> x.max(dim, keep));
  }

  /** The smallest along a dimension, and where it stands. */
  default Tensor.Ranked min(int dim, boolean keep) {
    return Native.ranked("min", this, x -> x.min(dim, keep));
  }

  /** Where the largest element along a dimension stands. */
  default Tensor argmax(int dim, boolean keep) {
    return Native.op("argmax", this, x -> x.argmax(new LongOptional(dim), keep));
  }

  /** The k largest along a dimension, largest first, and where they stand. */
  default Tensor.Ranked topk(long k, int dim) {
    return Native.ranked("topk", this, x -> x.topk(k, dim, true, true));
  }

  /** The elements along a dimension in order, equal ones as they were, and where they stood. */
  default Tensor.Ranked sort(int dim, boolean descending) {
    return Native.ranked(
        "sort", this, x -> x.sort(new org.bytedeco.pytorch.BoolOptional(true), dim, descending));
  }

  /** The running sum along a dimension. */
  default Tensor cumsum(int dim) {
    return Native.op("cumsum", this, x -> x.cumsum(dim));
  }

  /** The running product along a dimension. */
  default Tensor cumprod(int dim) {
    return Native.op("cumprod", this, x -> x.cumprod(dim));
  }

  /** Whether all elements are true. */
  default Tensor all() {
    return Native.op("all", this, x -> x.all());
  }

  /** Whether any element is true. */
  default Tensor any() {
    return Native.op("any", this, x -> x.any());
  }

  /** Whether all elements along a dimension are true. */
  default Tensor all(int dim, boolean keep) {
    return Native.op("all", this, x -> x.all(dim, keep));
  }

  /** Whether any element along a dimension is true. */
  default Tensor any(int dim, boolean keep) {
    return Native.op("any", this, x -> x.any(dim, keep));
  }

  /** The Euclidean length along a dimension. */
  default Tensor norm(int dim, boolean keep) {
    return Native.op(
        "norm",
        this,
        x -> {
          try (Scalar two = new Scalar(2.0);
              ScalarOptional degree = new ScalarOptional(two)) {
            return x.norm(degree, new long[] {dim}, keep);
          }
        });
  }
}
