package dev.heed.tensor;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;

/** Sums, extremes and orders, by LibTorch. */
interface LibTorchFolding extends FoldingOperators {
  @Override
  default Tensor fold(Fold op, Tensor x) {
    return Native.op(
        op.label,
        x,
        h ->
            switch (op) {
              case SUM -> h.sum();
              case MEAN -> h.mean();
              case MAX -> h.max();
              case MIN -> h.min();
              case ALL -> h.all();
              case ANY -> h.any();
              case NORM -> h.norm();
            });
  }

  @Override
  default Tensor fold(Fold op, Tensor x, int dim, boolean keep) {
    long[] dims = {dim};
    return Native.op(
        op.label,
        x,
        h ->
            switch (op) {
              case SUM -> h.sum(dims, keep, new ScalarTypeOptional());
              case MEAN -> h.mean(dims, keep, new ScalarTypeOptional());
              case MAX -> h.amax(dims, keep);
              case MIN -> h.amin(dims, keep);
              case ALL -> h.all(dim, keep);
              case ANY -> h.any(dim, keep);
              case NORM -> norm(h, dims, keep);
            });
  }

  private static org.bytedeco.pytorch.Tensor norm(
      org.bytedeco.pytorch.Tensor x, long[] dims, boolean keep) {
    try (Scalar two = new Scalar(2.0);
        ScalarOptional degree = new ScalarOptional(two)) {
      return x.norm(degree, dims, keep);
    }
  }

  @Override
  default Tensor var(Tensor x, int dim, boolean unbiased, boolean keep) {
    return Native.op("var", x, h -> h.var(new long[] {dim}, unbiased, keep));
  }

  @Override
  default Tensor.Ranked extreme(Tensor x, boolean largest, int dim, boolean keep) {
    return largest
        ? Native.ranked("max", x, h -> h.max(dim, keep))
        : Native.ranked("min", x, h -> h.min(dim, keep));
  }

  @Override
  default Tensor argmax(Tensor x, int dim, boolean keep) {
    return Native.op("argmax", x, h -> h.argmax(new LongOptional(dim), keep));
  }

  @Override
  default Tensor.Ranked topk(Tensor x, long k, int dim) {
    return Native.ranked("topk", x, h -> h.topk(k, dim, true, true));
  }

  @Override
  default Tensor.Ranked sort(Tensor x, int dim, boolean descending) {
    return Native.ranked("sort", x, h -> h.sort(new BoolOptional(true), dim, descending));
  }

  @Override
  default Tensor cumsum(Tensor x, int dim) {
    return Native.op("cumsum", x, h -> h.cumsum(dim));
  }

  @Override
  default Tensor cumprod(Tensor x, int dim) {
    return Native.op("cumprod", x, h -> h.cumprod(dim));
  }
}
