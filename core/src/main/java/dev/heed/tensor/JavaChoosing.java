package dev.heed.tensor;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Picking and joining, in Java. */
interface JavaChoosing extends ChoosingOperators {
  @Override
  default Tensor indexSelect(Tensor tensor, int dim, Tensor indices) {
    Strided x = tensor.strided();
    int place = x.dim("indexSelect", dim);
    if (indices.rank() > 1 || x.rank() == 0) {
      throw new ShapeException(
          "indexSelect: expected a vector of indices, got "
              + indices.describe()
              + " for "
              + x.describe());
    }
    long[] chosen = indices("indexSelect", indices, x.sizes()[place], tensor);
    return TensorScope.run(() -> {
      Tensor rows = tensor.transpose(0, place).contiguous();
      Tensor taken = Tensor.wrap(rows(rows.strided(), chosen));
      return place == 0 ? taken : taken.transpose(0, place).contiguous();
    });
  }

  /** The rows {@code [chosen, …]} of a contiguous {@code [rows, …]}. */
  private static Strided rows(Strided x, long[] chosen) {
    long[] sizes = x.sizes().clone();
    sizes[0] = chosen.length;
    Strided out = Strided.allocate(x.type(), sizes);
    StoredBlocks stored = x.memory().stored();
    long width = chosen.length == 0 ? 0 : out.elements() / chosen.length;
    if (stored != null && stored.holdsBlocks(x.offset(), width)) {
      decode(stored, x.offset(), Math.toIntExact(width), chosen, out);
      return out;
    }
    long bytes = x.sizes()[0] == 0 ? 0 : x.elements() / x.sizes()[0] * x.type().bytes();
    long from = x.offset() * x.type().bytes();
    for (int i = 0; i < chosen.length; i++) {
      MemorySegment.copy(x.data(), from + chosen[i] * bytes, out.data(), i * bytes, bytes);
    }
    return out;
  }

  private static void decode(
      StoredBlocks stored, long offset, int width, long[] chosen, Strided out) {
    Workers.alone(
        chosen.length,
        (i, w) -> {
          float[] row = Buffers.of(w).floats(0, width);
          stored.decode(offset + chosen[i] * width, row, 0, width, Buffers.of(w));
          Elements.store(row, out.data(), DType.F32, (long) i * width, 1, width);
        });
  }

  /** Indices as numbers, each within the bound. */
  private static long[] indices(String operation, Tensor indices, long bound, Tensor of) {
    if (indices.dtype() != DType.I64 && indices.dtype() != DType.I32) {
      throw new TensorException(
          operation
              + ": expected ids of i64 or i32, got "
              + of.describe()
              + " and "
              + indices.describe()
              + "; convert with to(…)");
    }
    long[] chosen = indices.toLongArray();
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (long index : chosen) {
      least = Math.min(least, index);
      most = Math.max(most, index);
    }
    if (chosen.length > 0 && (least < 0 || most >= bound)) {
      throw new ShapeException(
          operation
              + ": expected ids from 0 to "
              + (bound - 1)
              + ", got "
              + of.describe()
              + " and "
              + indices.describe()
              + " with ids from "
              + least
              + " to "
              + most);
    }
    return chosen;
  }

  @Override
  default Tensor embedding(Tensor table, Tensor indices, long padding) {
    Strided t = table.strided();
    if (t.rank() != 2) {
      throw new ShapeException("embedding: expected a table [rows, width], got " + t.describe());
    }
    long[] chosen = indices("embedding", indices, t.sizes()[0], table);
    long[] sizes = indices.shape().toArray();
    long[] wanted = java.util.Arrays.copyOf(sizes, sizes.length + 1);
    wanted[sizes.length] = t.sizes()[1];
    return TensorScope.run(
        () -> Tensor.wrap(rows(table.contiguous().strided(), chosen)).view(wanted));
  }

  @Override
  default Tensor gather(Tensor tensor, int dim, Tensor indices) {
    Strided x = tensor.strided();
    int place = fitting("gather", tensor, dim, indices);
    long[] chosen = indices("gather", indices, x.size(place), tensor);
    Strided out = Strided.allocate(x.type(), indices.strided().sizes());
    int bytes = x.type().bytes();
    Places places = new Places(x, out.sizes(), place);
    for (int i = 0; i < chosen.length; i++) {
      Elements.move(x.data(), places.at(chosen[i]), out.data(), i, bytes);
      places.next();
    }
    return Tensor.wrap(out);
  }

  private static int fitting(String operation, Tensor x, int dim, Tensor indices) {
    if (Math.max(1, indices.rank()) != Math.max(1, x.rank())) {
      throw new ShapeException(
          operation
              + ": expected indices of the rank of "
              + x.describe()
              + ", got "
              + indices.describe());
    }
    int place = x.strided().dim(operation, dim);
    for (int d = 0; d < Math.min(x.rank(), indices.rank()); d++) {
      if (d != place && indices.size(d) > x.size(d)) {
        throw new ShapeException(
            operation
                + ": expected indices no larger than "
                + x.describe()
                + " beside dimension "
                + dim
                + ", got "
                + indices.describe());
      }
    }
    return place;
  }

  /** Where elements of a shape lie in a larger view, but for one dimension that indices give. */
  final class Places {
    private final long[] sizes;
    private final long[] strides;
    private final long along;
    private final long[] place;
    private long base;

    Places(Strided view, long[] sizes, int dim) {
      this.sizes = sizes;
      this.strides = view.strides().clone();
      this.along = view.stride(dim);
      if (strides.length > 0) {
        strides[dim] = 0;
      }
      this.place = new long[sizes.length];
      this.base = view.offset();
    }

    long at(long index) {
      return base + index * along;
    }

    void next() {
      for (int d = Math.min(sizes.length, strides.length) - 1; d >= 0; d--) {
        base += strides[d];
        if (++place[d] < sizes[d]) {
          return;
        }
        base -= sizes[d] * strides[d];
        place[d] = 0;
      }
    }
  }

  @Override
  default Tensor scatter(Tensor tensor, int dim, Tensor indices, Tensor values) {
    return scattered("scatter", tensor, dim, indices, values, false);
  }

  @Override
  default Tensor scatterAdd(Tensor tensor, int dim, Tensor indices, Tensor values) {
    return scattered("scatterAdd", tensor, dim, indices, values, true);
  }

  private static Tensor scattered(
      String operation, Tensor tensor, int dim, Tensor indices, Tensor values, boolean adding) {
    int place = fitting(operation, tensor, dim, indices);
    long[] chosen = indices(operation, indices, tensor.strided().size(place), tensor);
    Strided v = values.strided();
    if (v.type() != tensor.dtype() || v.rank() != indices.rank()) {
      throw new TensorException(
          operation
              + ": expected values of the type of "
              + tensor.describe()
              + " and the rank of "
              + indices.describe()
              + ", got "
              + v.describe());
    }
    Strided out = Strided.allocate(tensor.dtype(), tensor.strided().sizes());
    Elements.copy(operation, tensor.strided(), out);
    DType type = out.type();
    long[] sizes = indices.strided().sizes();
    Places to = new Places(out, sizes, place);
    for (int d = 0; d < sizes.length; d++) {
      if (sizes[d] > v.sizes()[d]) {
        throw new ShapeException(
            operation
                + ": expected values as large as "
                + indices.describe()
                + ", got "
                + v.describe());
      }
    }
    Offsets from = new Offsets(v, sizes);
    boolean whole = Elements.Precision.of(type) == Elements.Precision.LONG;
    for (long index : chosen) {
      long at = to.at(index);
      if (!adding) {
        Elements.move(v.data(), from.at(), out.data(), at, type.bytes());
      } else if (whole) {
        long sum =
            Elements.getLong(out.data(), type, at) + Elements.getLong(v.data(), type, from.at());
        Elements.setLong(out.data(), type, at, sum);
      } else {
        double sum = Elements.get(out.data(), type, at) + Elements.get(v.data(), type, from.at());
        Elements.set(out.data(), type, at, sum);
      }
      to.next();
      from.next();
    }
    return Tensor.wrap(out);
  }

  /** Where the elements of a shape lie in a view as large or larger. */
  final class Offsets {
    private final long[] sizes;
    private final long[] strides;
    private final long[] place;
    private long at;

    Offsets(Strided view, long... sizes) {
      this.sizes = sizes;
      this.strides = view.strides();
      this.place = new long[sizes.length];
      this.at = view.offset();
    }

    long at() {
      return at;
    }

    void next() {
      for (int d = sizes.length - 1; d >= 0; d--) {
        at += strides[d];
        if (++place[d] < sizes[d]) {
          return;
        }
        at -= sizes[d] * strides[d];
        place[d] = 0;
      }
    }
  }

  @Override
  default Tensor indexAdd(Tensor tensor, int dim, Tensor indices, Tensor slices) {
    Strided x = tensor.strided();
    int place = x.dim("indexAdd", dim);
    long[] chosen = indices("indexAdd", indices, x.size(place), tensor);
    if (slices.rank() != x.rank()
        || x.rank() == 0
        || slices.size(place) != chosen.length
        || slices.dtype() != x.type()) {
      throw new ShapeException(
          "indexAdd: expected a slice for each of "
              + indices.describe()
              + " and of the type of "
              + x.describe()
              + ", got "
              + slices.describe());
    }
    return TensorScope.run(() -> {
      Tensor out = tensor.copy();
      for (int i = 0; i < chosen.length; i++) {
        try (Tensor to = TensorScope.release(out.select(place, chosen[i]));
            Tensor from = TensorScope.release(slices.select(place, i))) {
          to.addInPlace(from, 1);
        }
      }
      return out;
    });
  }

  @Override
  default Tensor nonzero(Tensor tensor) {
    Strided x = tensor.strided();
    long elements = x.elements();
    int rank = x.rank();
    long[] found = new long[16];
    int count = 0;
    Offsets offsets = new Offsets(x, x.sizes());
    long[] rowMajor = Strided.rowMajor(x.sizes());
    for (long i = 0; i < elements; i++) {
      if (Elements.get(x.data(), x.type(), offsets.at()) != 0) {
        if ((count + 1) * rank > found.length) {
          found = java.util.Arrays.copyOf(found, Math.max(2 * found.length, (count + 1) * rank));
        }
        long left = i;
        for (int d = 0; d < rank; d++) {
          found[count * rank + d] = left / rowMajor[d];
          left %= rowMajor[d];
        }
        count++;
      }
      offsets.next();
    }
    Strided out = Strided.allocate(DType.I64, count, rank);
    for (int i = 0; i < count * rank; i++) {
      Elements.setLong(out.data(), DType.I64, i, found[i]);
    }
    return Tensor.wrap(out);
  }

  @Override
  default Tensor cat(List<Tensor> tensors, int dim) {
    // A vector of no elements stands for nothing at all, as in LibTorch.
    List<Tensor> parts = tensors.stream().filter(t -> t.rank() != 1 || t.size(0) != 0).toList();
    if (parts.isEmpty()) {
      return tensors.getFirst().copy();
    }
    Strided first = parts.getFirst().strided();
    int place = first.dim("cat", dim);
    DType type = tensors.getFirst().dtype();
    for (Tensor part : tensors) {
      type = Promotion.of(type, part.dtype());
    }
    long[] sizes = first.sizes().clone();
    if (sizes.length == 0) {
      throw new ShapeException("cat: expected tensors with dimensions, got " + first.describe());
    }
    sizes[place] = 0;
    for (Tensor part : parts) {
      requireAlike(first, part, place);
      sizes[place] += part.size(place);
    }
    Strided out = Strided.allocate(type, sizes);
    long at = 0;
    for (Tensor part : parts) {
      Strided x = part.strided();
      Elements.copy(
          "cat",
          x,
          new Strided(out.memory(), at * out.strides()[place], x.sizes(), out.strides(), type));
      at += x.sizes()[place];
    }
    return Tensor.wrap(out);
  }

  private static void requireAlike(Strided first, Tensor part, int place) {
    boolean alike = part.rank() == first.rank();
    for (int d = 0; alike && d < first.rank(); d++) {
      alike = d == place || part.size(d) == first.sizes()[d];
    }
    if (!alike) {
      throw new ShapeException(
          "cat: expected shapes alike but for dimension "
              + place
              + ", got "
              + first.describe()
              + " and "
              + part.describe());
    }
  }

  @Override
  default Tensor stack(List<Tensor> tensors, int dim) {
    Shape shape = tensors.getFirst().shape();
    for (Tensor part : tensors) {
      if (!part.shape().equals(shape)) {
        throw new ShapeException(
            "stack: expected tensors of one shape, got "
                + tensors.getFirst().describe()
                + " and "
                + part.describe());
      }
    }
    int place = dim < 0 ? dim + shape.rank() + 1 : dim;
    return TensorScope.run(
        () -> cat(tensors.stream().map(t -> t.unsqueeze(place)).toList(), place));
  }
}
