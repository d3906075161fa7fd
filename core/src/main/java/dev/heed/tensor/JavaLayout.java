package dev.heed.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Layouts and pieces that share memory wherever the strides allow, in Java. */
interface JavaLayout extends LayoutOperators {
  @Override
  default Tensor reshape(Tensor tensor, long... sizes) {
    Strided x = tensor.strided();
    long[] wanted = inferred("reshape", x, sizes);
    long[] strides = x.stridesUnder(wanted);
    if (strides != null) {
      return Tensor.wrap(x.view(x.offset(), wanted, strides));
    }
    Strided copy = Strided.allocate(x.type(), wanted);
    Elements.copy(
        "reshape",
        x,
        new Strided(copy.memory(), 0, x.sizes(), Strided.rowMajor(x.sizes()), x.type()));
    return Tensor.wrap(copy);
  }

  @Override
  default Tensor view(Tensor tensor, long... sizes) {
    Strided x = tensor.strided();
    long[] wanted = inferred("view", x, sizes);
    long[] strides = x.stridesUnder(wanted);
    if (strides == null) {
      throw new ShapeException(
          "view: expected sizes that need no copy, got "
              + Arrays.toString(sizes)
              + " for "
              + x.describe()
              + " with strides "
              + Arrays.toString(x.strides())
              + "; use reshape");
    }
    return Tensor.wrap(x.view(x.offset(), wanted, strides));
  }

  /** Sizes without -1. */
  private static long[] inferred(String operation, Strided x, long... sizes) {
    long[] wanted = sizes.clone();
    int open = -1;
    long product = 1;
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] == -1 && open < 0) {
        open = d;
      } else {
        product *= sizes[d] < 0 ? Long.MIN_VALUE : sizes[d];
      }
    }
    long elements = x.elements();
    if (open >= 0 && product > 0 && elements % product == 0) {
      wanted[open] = elements / product;
      product = elements;
    }
    if (product != elements || (open >= 0 && wanted[open] < 0)) {
      throw new ShapeException(
          operation
              + ": expected sizes for "
              + elements
              + " elements, got "
              + Arrays.toString(sizes)
              + " for "
              + x.describe());
    }
    return wanted;
  }

  @Override
  default Tensor transpose(Tensor tensor, int a, int b) {
    Strided x = tensor.strided();
    int one = x.dim("transpose", a);
    int two = x.dim("transpose", b);
    long[] sizes = x.sizes().clone();
    long[] strides = x.strides().clone();
    if (one != two) {
      sizes[one] = x.sizes()[two];
      sizes[two] = x.sizes()[one];
      strides[one] = x.strides()[two];
      strides[two] = x.strides()[one];
    }
    return Tensor.wrap(x.view(x.offset(), sizes, strides));
  }

  @Override
  default Tensor permute(Tensor tensor, long... dims) {
    Strided x = tensor.strided();
    long[] sizes = new long[dims.length];
    long[] strides = new long[dims.length];
    boolean[] seen = new boolean[x.rank()];
    boolean fits = dims.length == x.rank();
    for (int d = 0; fits && d < dims.length; d++) {
      int from = x.dim("permute", (int) dims[d]);
      fits = !seen[from];
      seen[from] = true;
      sizes[d] = x.sizes()[from];
      strides[d] = x.strides()[from];
    }
    if (!fits) {
      throw new ShapeException(
          "permute: expected each dimension of "
              + x.describe()
              + " once, got "
              + Arrays.toString(dims));
    }
    return Tensor.wrap(x.view(x.offset(), sizes, strides));
  }

  @Override
  default Tensor unsqueeze(Tensor tensor, int dim) {
    Strided x = tensor.strided();
    int place = dim < 0 ? dim + x.rank() + 1 : dim;
    if (place < 0 || place > x.rank()) {
      throw new ShapeException(
          "unsqueeze: expected a dimension from 0 to " + x.rank() + ", got " + dim);
    }
    long stride = place < x.rank() ? x.sizes()[place] * x.strides()[place] : 1;
    return Tensor.wrap(
        x.view(x.offset(), inserted(x.sizes(), place, 1), inserted(x.strides(), place, stride)));
  }

  static long[] inserted(long[] values, int place, long value) {
    long[] more = new long[values.length + 1];
    System.arraycopy(values, 0, more, 0, place);
    more[place] = value;
    System.arraycopy(values, place, more, place + 1, values.length - place);
    return more;
  }

  private static long[] removed(long[] values, int place) {
    long[] less = new long[values.length - 1];
    System.arraycopy(values, 0, less, 0, place);
    System.arraycopy(values, place + 1, less, place, less.length - place);
    return less;
  }

  @Override
  default Tensor squeeze(Tensor tensor, int dim) {
    Strided x = tensor.strided();
    int place = x.dim("squeeze", dim);
    boolean stays = x.rank() == 0 || x.sizes()[place] != 1;
    return Tensor.wrap(
        stays
            ? x.view(x.offset(), x.sizes(), x.strides())
            : x.view(x.offset(), removed(x.sizes(), place), removed(x.strides(), place)));
  }

  @Override
  default Tensor expand(Tensor tensor, long... sizes) {
    Strided x = tensor.strided();
    long[] wanted = sizes.clone();
    int lead = sizes.length - x.rank();
    for (int d = Math.max(0, lead); d < sizes.length; d++) {
      wanted[d] = sizes[d] == -1 ? x.sizes()[d - lead] : sizes[d];
    }
    Shape.of(wanted);
    return Tensor.wrap(x.view(x.offset(), wanted, x.stridesFor("expand", wanted)));
  }

  @Override
  default Tensor flatten(Tensor tensor, int first, int last) {
    Strided x = tensor.strided();
    int from = x.dim("flatten", first);
    int to = x.dim("flatten", last);
    if (x.rank() == 0) {
      return reshape(tensor, 1);
    }
    if (from > to) {
      throw new ShapeException(
          "flatten: expected dimensions in order, got " + first + " and " + last);
    }
    long[] sizes = new long[x.rank() - (to - from)];
    System.arraycopy(x.sizes(), 0, sizes, 0, from);
    sizes[from] = 1;
    for (int d = from; d <= to; d++) {
      sizes[from] *= x.sizes()[d];
    }
    System.arraycopy(x.sizes(), to + 1, sizes, from + 1, x.rank() - to - 1);
    return reshape(tensor, sizes);
  }

  @Override
  default Tensor unflatten(Tensor tensor, int dim, long... sizes) {
    Strided x = tensor.strided();
    int place = x.dim("unflatten", dim);
    long[] wanted = new long[x.rank() - 1 + sizes.length];
    System.arraycopy(x.sizes(), 0, wanted, 0, place);
    long[] parts = sizes.clone();
    long product = 1;
    for (long size : sizes) {
      product *= size == -1 ? 1 : size;
    }
    for (int d = 0; d < parts.length; d++) {
      parts[d] = parts[d] == -1 && product > 0 ? x.sizes()[place] / product : parts[d];
    }
    if (Arrays.stream(parts).reduce(1, (a, b) -> a * b) != x.sizes()[place]) {
      throw new ShapeException(
          "unflatten: expected sizes whose product is "
              + x.sizes()[place]
              + ", got "
              + Arrays.toString(sizes)
              + " for "
              + x.describe());
    }
    System.arraycopy(parts, 0, wanted, place, sizes.length);
    System.arraycopy(x.sizes(), place + 1, wanted, place + sizes.length, x.rank() - place - 1);
    return reshape(tensor, wanted);
  }

  @Override
  default Tensor select(Tensor tensor, int dim, long index) {
    Strided x = tensor.strided();
    int place = x.dim("select", dim);
    long size = x.rank() == 0 ? 0 : x.sizes()[place];
    long at = index < 0 ? index + size : index;
    if (at < 0 || at >= size) {
      throw new ShapeException(
          "select: expected an index of dimension "
              + dim
              + " of "
              + x.describe()
              + ", got "
              + index);
    }
    return Tensor.wrap(
        x.view(
            x.offset() + at * x.strides()[place],
            removed(x.sizes(), place),
            removed(x.strides(), place)));
  }

  @Override
  default Tensor narrow(Tensor tensor, int dim, long start, long length) {
    Strided x = tensor.strided();
    int place = x.dim("narrow", dim);
    long size = x.rank() == 0 ? 0 : x.sizes()[place];
    long from = start < 0 ? start + size : start;
    if (from < 0 || length < 0 || from + length > size) {
      throw new ShapeException(
          "narrow: expected a part of dimension "
              + dim
              + " of "
              + x.describe()
              + ", got "
              + length
              + " from "
              + start);
    }
    return Tensor.wrap(part(x, place, from, length, 1));
  }

  private static Strided part(Strided x, int place, long from, long length, long step) {
    long[] sizes = x.sizes().clone();
    long[] strides = x.strides().clone();
    sizes[place] = length;
    long offset = x.offset() + from * strides[place];
    strides[place] *= step;
    return x.view(offset, sizes, strides);
  }

  @Override
  default Tensor slice(Tensor tensor, int dim, long from, long to, long step) {
    Strided x = tensor.strided();
    int place = x.dim("slice", dim);
    if (step < 1 || x.rank() == 0) {
      throw new ShapeException(
          "slice: expected a step of 1 or more and a dimension, got step "
              + step
              + " of "
              + x.describe());
    }
    long size = x.sizes()[place];
    long first = Math.clamp(from < 0 ? from + size : from, 0, size);
    long end = Math.clamp(to < 0 ? to + size : to, first, size);
    return Tensor.wrap(part(x, place, first, (end - first + step - 1) / step, step));
  }

  @Override
  default List<Tensor> split(Tensor tensor, int dim, long... sizes) {
    Strided x = tensor.strided();
    int place = x.dim("split", dim);
    if (Arrays.stream(sizes).sum() != x.size(place)) {
      throw new ShapeException(
          "split: expected sizes whose sum is "
              + x.size(place)
              + ", got "
              + Arrays.toString(sizes)
              + " for "
              + x.describe());
    }
    List<Tensor> parts = new ArrayList<>();
    long from = 0;
    for (long size : sizes) {
      parts.add(narrow(tensor, place, from, size));
      from += size;
    }
    return parts;
  }

  @Override
  default List<Tensor> pieces(Tensor tensor, long length, int dim) {
    Strided x = tensor.strided();
    int place = x.dim("pieces", dim);
    long size = x.size(place);
    if (length < 1 && size > 0) {
      throw new ShapeException("pieces: expected a length of 1 or more, got " + length);
    }
    List<Tensor> parts = new ArrayList<>();
    for (long from = 0; from < size || parts.isEmpty(); from += Math.max(1, length)) {
      parts.add(narrow(tensor, place, from, Math.min(length, size - from)));
    }
    return parts;
  }

  @Override
  default List<Tensor> chunk(Tensor tensor, int pieces, int dim) {
    if (pieces < 1) {
      throw new ShapeException("chunk: expected 1 piece or more, got " + pieces);
    }
    Strided x = tensor.strided();
    long size = x.size(x.dim("chunk", dim));
    return size == 0
        ? split(tensor, dim, new long[pieces])
        : pieces(tensor, (size + pieces - 1) / pieces, dim);
  }

  @Override
  default Tensor unfold(Tensor tensor, int dim, long size, long step) {
    Strided x = tensor.strided();
    int place = x.dim("unfold", dim);
    if (size < 0 || step < 1 || size > x.size(place)) {
      throw new ShapeException(
          "unfold: expected windows within "
              + x.describe()
              + ", got size "
              + size
              + " and step "
              + step);
    }
    if (x.rank() == 0) {
      return Tensor.wrap(x.view(x.offset(), new long[] {size}, new long[] {1}));
    }
    long[] sizes = inserted(x.sizes(), x.rank(), size);
    long[] strides = inserted(x.strides(), x.rank(), x.strides()[place]);
    sizes[place] = (x.sizes()[place] - size) / step + 1;
    strides[place] *= step;
    return Tensor.wrap(x.view(x.offset(), sizes, strides));
  }

  @Override
  default Tensor diagonal(Tensor tensor, int offset, int dim1, int dim2) {
    Strided x = tensor.strided();
    int rows = x.dim("diagonal", dim1);
    int columns = x.dim("diagonal", dim2);
    if (x.rank() < 2 || rows == columns) {
      throw new ShapeException("diagonal: expected two dimensions of " + x.describe());
    }
    long down = Math.max(0, -offset);
    long right = Math.max(0, offset);
    long length = Math.max(0, Math.min(x.sizes()[rows] - down, x.sizes()[columns] - right));
    long from =
        length == 0
            ? x.offset()
            : x.offset() + down * x.strides()[rows] + right * x.strides()[columns];
    int first = Math.max(rows, columns);
    int second = Math.min(rows, columns);
    long[] sizes = removed(removed(x.sizes(), first), second);
    long[] strides = removed(removed(x.strides(), first), second);
    return Tensor.wrap(
        x.view(
            from,
            inserted(sizes, sizes.length, length),
            inserted(strides, strides.length, x.strides()[rows] + x.strides()[columns])));
  }
}
