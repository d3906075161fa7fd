package dev.heed.tensor;

import java.util.Arrays;

/** Extremes with their places, and orders, in Java; NaN counts as the largest. */
interface JavaOrdering extends FoldingOperators {
  /** Elements looked for without sorting all of them. */
  int FEW = 64;

  /** Handles one row of elements. */
  interface Row {
    /**
     * Finds what is wanted of a row.
     *
     * @param places the results' places in the row
     */
    void find(Keys keys, int[] places);
  }

  /** A row's elements, as whole numbers in their order. */
  record Keys(Strided x, long from, int count) {
    long at(int i) {
      return key(x, from + i);
    }

    /** All of them, for who asks for each more than once. */
    long[] all() {
      long[] all = new long[count];
      Arrays.setAll(all, this::at);
      return all;
    }
  }

  /** Runs along a dimension: values and places of {@code count} elements of each row. */
  private static Tensor.Ranked along(
      String operation, Tensor tensor, int dim, long count, Row row) {
    return TensorScope.run(() -> {
      Strided given = tensor.strided();
      int place = given.dim(operation, dim);
      int last = Math.max(0, given.rank() - 1);
      Strided x = tensor.transpose(place, last).contiguous().strided();
      int size = Math.toIntExact(x.size(last));
      int wanted = Math.toIntExact(count);
      long[] sizes = x.sizes().clone();
      if (sizes.length > 0) {
        sizes[last] = wanted;
      }
      Strided values = Strided.allocate(x.type(), sizes);
      Strided indices = Strided.allocate(DType.I64, sizes);
      long rows = size == 0 ? 0 : x.elements() / size;
      int[] places = new int[wanted];
      for (long r = 0; r < rows; r++) {
        row.find(new Keys(x, x.offset() + r * size, size), places);
        for (int i = 0; i < wanted; i++) {
          long from = x.offset() + r * size + places[i];
          Elements.move(x.data(), from, values.data(), r * wanted + i, x.type().bytes());
          Elements.setLong(indices.data(), DType.I64, r * wanted + i, places[i]);
        }
      }
      Tensor v = Tensor.wrap(values).transpose(place, last).contiguous();
      return new Tensor.Ranked(v, Tensor.wrap(indices).transpose(place, last).contiguous());
    });
  }

  /** A whole number that orders as the element does. */
  private static long key(Strided x, long at) {
    if (!x.type().isFloating()) {
      return Elements.getLong(x.data(), x.type(), at);
    }
    double value = Elements.get(x.data(), x.type(), at) + 0.0; // one zero
    if (Double.isNaN(value)) {
      return Long.MAX_VALUE;
    }
    long bits = Double.doubleToRawLongBits(value);
    return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
  }

  @Override
  default Tensor.Ranked extreme(Tensor x, boolean largest, int dim, boolean keep) {
    String operation = largest ? "max" : "min";
    requireSome(operation, x, dim);
    return TensorScope.run(() -> {
      Tensor.Ranked found =
          along(operation, x, dim, 1, (keys, places) -> places[0] = extreme(keys, largest));
      return keep || x.rank() == 0
          ? found
          : new Tensor.Ranked(found.values().squeeze(dim), found.indices().squeeze(dim));
    });
  }

  /** The first place of the largest or smallest; NaN is both. */
  private static int extreme(Keys keys, boolean largest) {
    if (Elements.Precision.of(keys.x.type()) == Elements.Precision.FLOAT) {
      return extremeFloat(keys, largest);
    }
    int best = 0;
    long found = keys.at(0);
    for (int i = 0; i < keys.count; i++) {
      long key = keys.at(i);
      if (key == Long.MAX_VALUE && keys.x.type().isFloating()) {
        return i;
      }
      if (largest ? key > found : key < found) {
        best = i;
        found = key;
      }
    }
    return best;
  }

  /** The same of what is exact in f32, read a part at a time: a token's scores are many. */
  private static int extremeFloat(Keys keys, boolean largest) {
    float[] part = new float[Math.min(keys.count, Walk.ROW)];
    float sign = largest ? 1 : -1;
    float found = Float.NEGATIVE_INFINITY;
    int best = 0;
    for (int from = 0; from < keys.count; from += part.length) {
      int count = Math.min(part.length, keys.count - from);
      Elements.load(keys.x.data(), keys.x.type(), keys.from + from, 1, part, count);
      for (int i = 0; i < count; i++) {
        float value = sign * part[i];
        if (value > found) {
          best = from + i;
          found = value;
        } else if (Float.isNaN(value)) {
          return from + i;
        }
      }
    }
    return best;
  }

  private static void requireSome(String operation, Tensor x, int dim) {
    Strided s = x.strided();
    if (s.size(s.dim(operation, dim)) == 0) {
      throw new ShapeException(
          operation + ": expected one element or more along " + dim + ", got " + x.describe());
    }
  }

  @Override
  default Tensor argmax(Tensor x, int dim, boolean keep) {
    return TensorScope.run(() -> extreme(x, true, dim, keep).indices());
  }

  @Override
  default Tensor.Ranked topk(Tensor x, long k, int dim) {
    Strided s = x.strided();
    long size = s.size(s.dim("topk", dim));
    if (k < 0 || k > size) {
      throw new ShapeException(
          "topk: expected a count from 0 to " + size + ", got " + k + " for " + x.describe());
    }
    return along(
        "topk",
        x,
        dim,
        k,
        k <= FEW
            ? (keys, places) -> few(keys.all(), places)
            : (keys, places) -> sort(keys.all(), true, places));
  }

  /** The largest, largest first, by insertion. */
  private static void few(long[] keys, int[] places) {
    int held = 0;
    for (int i = 0; i < keys.length && places.length > 0; i++) {
      if (held == places.length && keys[i] <= keys[places[held - 1]]) {
        continue;
      }
      int to = held < places.length ? held++ : held - 1;
      while (to > 0 && keys[places[to - 1]] < keys[i]) {
        places[to] = places[to - 1];
        to--;
      }
      places[to] = i;
    }
  }

  @Override
  default Tensor.Ranked sort(Tensor x, int dim, boolean descending) {
    Strided s = x.strided();
    long size = s.size(s.dim("sort", dim));
    return along("sort", x, dim, size, (keys, places) -> sort(keys.all(), descending, places));
  }

  /** The first places in order; equal keys stay as they were. */
  private static void sort(long[] keys, boolean descending, int[] places) {
    Integer[] order = new Integer[keys.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        descending
            ? (a, b) -> Long.compare(keys[b], keys[a])
            : (a, b) -> Long.compare(keys[a], keys[b]));
    for (int i = 0; i < places.length; i++) {
      places[i] = order[i];
    }
  }
}
