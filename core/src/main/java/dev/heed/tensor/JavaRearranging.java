package dev.heed.tensor;

import java.util.Arrays;
import java.util.List;

/** Layouts that need a copy, in Java. */
interface JavaRearranging extends LayoutOperators {
  @Override
  default Tensor repeat(Tensor tensor, long... times) {
    Strided x = tensor.strided();
    int lead = times.length - x.rank();
    if (lead < 0) {
      throw new ShapeException(
          "repeat: expected a number for each dimension of "
              + x.describe()
              + ", got "
              + Arrays.toString(times));
    }
    long[] sizes = new long[2 * times.length];
    long[] strides = new long[2 * times.length];
    long[] wanted = new long[times.length];
    for (int d = 0; d < times.length; d++) {
      sizes[2 * d] = times[d];
      sizes[2 * d + 1] = d < lead ? 1 : x.sizes()[d - lead];
      strides[2 * d + 1] = d < lead ? 0 : x.strides()[d - lead];
      wanted[d] = sizes[2 * d] * sizes[2 * d + 1];
    }
    return Tensor.wrap(copied(x, sizes, strides, wanted));
  }

  /** A copy of what these sizes and strides read, under other sizes. */
  private static Strided copied(Strided x, long[] sizes, long[] strides, long... wanted) {
    Strided out = Strided.allocate(x.type(), wanted);
    Elements.copy(
        "copy",
        new Strided(x.memory(), x.offset(), sizes, strides, x.type()),
        new Strided(out.memory(), 0, sizes, Strided.rowMajor(sizes), x.type()));
    return out;
  }

  @Override
  default Tensor repeatInterleave(Tensor tensor, long times, int dim) {
    Strided x = tensor.strided();
    int place = x.dim("repeatInterleave", dim);
    long[] wanted = x.sizes().clone();
    wanted[place] *= times;
    return Tensor.wrap(
        copied(
            x,
            JavaLayout.inserted(x.sizes(), place + 1, times),
            JavaLayout.inserted(x.strides(), place + 1, 0),
            wanted));
  }

  @Override
  default Tensor flip(Tensor tensor, long... dims) {
    Strided x = tensor.strided();
    long offset = x.offset();
    long[] strides = x.strides().clone();
    for (long dim : dims) {
      int place = x.dim("flip", (int) dim);
      if (x.rank() > 0) {
        offset += Math.max(0, x.sizes()[place] - 1) * strides[place];
        strides[place] = -strides[place];
      }
    }
    Strided turned = new Strided(x.memory(), offset, x.sizes(), strides, x.type());
    return Tensor.wrap(copied(turned, x.sizes(), strides, x.sizes()));
  }

  @Override
  default Tensor roll(Tensor tensor, long shift, int dim) {
    Strided x = tensor.strided();
    int place = x.dim("roll", dim);
    long size = x.size(place);
    if (size == 0 || x.rank() == 0) {
      return tensor.copy();
    }
    long by = Math.floorMod(shift, size);
    return TensorScope.run(() ->
        Tensor.cat(
            List.of(tensor.narrow(place, size - by, by), tensor.narrow(place, 0, size - by)),
            place));
  }

  @Override
  default Tensor pad(Tensor tensor, double value, long... pairs) {
    Strided x = tensor.strided();
    if (pairs.length % 2 != 0 || pairs.length / 2 > x.rank()) {
      throw new ShapeException(
          "pad: expected pairs for the dimensions of "
              + x.describe()
              + ", got "
              + Arrays.toString(pairs));
    }
    long[] wanted = x.sizes().clone();
    long[] inside = x.sizes().clone();
    long from = x.offset();
    long[] starts = new long[x.rank()];
    for (int p = 0; p < pairs.length / 2; p++) {
      int d = x.rank() - 1 - p;
      wanted[d] += pairs[2 * p] + pairs[2 * p + 1];
      inside[d] += Math.min(0, pairs[2 * p]) + Math.min(0, pairs[2 * p + 1]);
      from += Math.max(0, -pairs[2 * p]) * x.strides()[d];
      starts[d] = Math.max(0, pairs[2 * p]);
      if (wanted[d] < 0 || inside[d] < 0) {
        throw new ShapeException(
            "pad: expected to leave something of "
                + x.describe()
                + ", got "
                + Arrays.toString(pairs));
      }
    }
    Strided out = Strided.allocate(x.type(), wanted);
    JavaMemory.fill(out, value);
    long to = 0;
    for (int d = 0; d < starts.length; d++) {
      to += starts[d] * out.strides()[d];
    }
    Elements.copy(
        "pad",
        new Strided(x.memory(), from, inside, x.strides(), x.type()),
        new Strided(out.memory(), to, inside, out.strides(), x.type()));
    return Tensor.wrap(out);
  }

  @Override
  default Tensor tril(Tensor x, int diagonal) {
    return triangle(x, diagonal, true);
  }

  @Override
  default Tensor triu(Tensor x, int diagonal) {
    return triangle(x, diagonal, false);
  }

  private static Tensor triangle(Tensor x, int diagonal, boolean lower) {
    if (x.rank() < 2) {
      throw new ShapeException(
          (lower ? "tril" : "triu") + ": expected matrices, got " + x.describe());
    }
    return TensorScope.run(() -> {
      Tensor rows = x.engine().arange(x.size(-2), DType.I64).unsqueeze(1).add(diagonal);
      Tensor columns = x.engine().arange(x.size(-1), DType.I64);
      return x.maskedFill(lower ? columns.gt(rows) : columns.lt(rows), 0);
    });
  }
}
