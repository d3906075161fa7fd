package dev.heed.tensor;

import dev.heed.tensor.kernel.Buffers;
import java.lang.foreign.MemorySegment;

/** Sums, extremes and orders, in Java: floating sums are held in double precision. */
interface JavaFolding extends FoldingOperators {
  @Override
  default Tensor fold(Fold op, Tensor tensor) {
    return TensorScope.run(() -> {
      Tensor row = tensor.reshape(tensor.elements());
      return fold(op, row, 0, false);
    });
  }

  @Override
  default Tensor fold(Fold op, Tensor tensor, int dim, boolean keep) {
    Strided x = tensor.strided();
    int place = x.dim(op.label, dim);
    long size = x.size(place);
    boolean whole = Elements.Precision.of(x.type()) == Elements.Precision.LONG;
    if (whole && (op == Fold.MEAN || op == Fold.NORM)) {
      throw new TensorException(
          op.label
              + ": expected floating-point elements, got "
              + x.describe()
              + "; convert with to(…)");
    }
    if (size == 0 && (op == Fold.MAX || op == Fold.MIN)) {
      throw new ShapeException(
          op.label + ": expected one element or more along " + dim + ", got " + x.describe());
    }
    DType type =
        switch (op) {
          case ALL, ANY -> DType.BOOL;
          case SUM -> whole ? DType.I64 : x.type();
          default -> x.type();
        };
    Strided out = Strided.allocate(type, folded(x, place, keep));
    long[] kept = folded(x, place, true);
    Strided target = new Strided(out.memory(), 0, kept, Strided.rowMajor(kept), type);
    if (whole) {
      foldLongs(op, x, place, target);
    } else {
      foldDoubles(op, x, place, target);
    }
    return Tensor.wrap(out);
  }

  /** The sizes without a dimension, or with 1 in its place. */
  static long[] folded(Strided x, int place, boolean keep) {
    if (x.rank() == 0) {
      return new long[0];
    }
    if (keep) {
      long[] sizes = x.sizes().clone();
      sizes[place] = 1;
      return sizes;
    }
    long[] sizes = new long[x.rank() - 1];
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = x.sizes()[d < place ? d : d + 1];
    }
    return sizes;
  }

  /** The strides of a view without steps along a dimension. */
  static long[] still(Strided x, int place) {
    long[] strides = x.strides().clone();
    if (strides.length > 0) {
      strides[place] = 0;
    }
    return strides;
  }

  private static void foldDoubles(Fold op, Strided x, int place, Strided out) {
    Walk walk = new Walk(out.sizes(), new long[] {x.offset(), 0}, still(x, place), out.strides());
    long size = x.size(place);
    long along = x.stride(place);
    MemorySegment m = x.data();
    boolean rows = along == 1 || along == -1;
    walk.run((at, n, w) -> {
      Buffers buffers = Buffers.of(w);
      double[] sums = buffers.doubles(0, Walk.ROW);
      double[] row = buffers.doubles(1, Walk.ROW);
      if (rows) {
        for (int i = 0; i < n; i++) {
          sums[i] = alongRow(op, m, x.type(), at[0] + i * walk.step(0), along, size, row);
        }
      } else {
        java.util.Arrays.fill(sums, 0, n, first(op));
        for (long j = 0; j < size; j++) {
          Elements.load(m, x.type(), at[0] + j * along, walk.step(0), row, n);
          add(op, sums, row, n);
        }
      }
      finish(op, sums, n, size);
      Elements.store(sums, out.data(), out.type(), at[1], walk.step(1), n);
    });
  }

  private static double alongRow(
      Fold op, MemorySegment m, DType type, long at, long step, long size, double[] row) {
    double[] four = {first(op), first(op), first(op), first(op)};
    for (long j = 0; j < size; j += Walk.ROW) {
      int n = (int) Math.min(Walk.ROW, size - j);
      Elements.load(m, type, at + j * step, step, row, n);
      if (op == Fold.SUM || op == Fold.MEAN) {
        int i = 0;
        for (; i + 4 <= n; i += 4) {
          four[0] += row[i];
          four[1] += row[i + 1];
          four[2] += row[i + 2];
          four[3] += row[i + 3];
        }
        for (; i < n; i++) {
          four[0] += row[i];
        }
      } else {
        for (int i = 0; i < n; i++) {
          four[0] = added(op, four[0], row[i]);
        }
      }
    }
    return op == Fold.SUM || op == Fold.MEAN ? four[0] + four[1] + four[2] + four[3] : four[0];
  }

  private static double first(Fold op) {
    return switch (op) {
      case MAX -> Double.NEGATIVE_INFINITY;
      case MIN -> Double.POSITIVE_INFINITY;
      case ALL -> 1;
      default -> 0;
    };
  }

  private static double added(Fold op, double sum, double x) {
    return switch (op) {
      case SUM, MEAN -> sum + x;
      case MAX -> Math.max(sum, x);
      case MIN -> Math.min(sum, x);
      case ALL -> x == 0 ? 0 : sum;
      case ANY -> x != 0 ? 1 : sum;
      case NORM -> sum + x * x;
    };
  }

  private static void add(Fold op, double[] sums, double[] row, int n) {
    if (op == Fold.SUM || op == Fold.MEAN) {
      for (int i = 0; i < n; i++) {
        sums[i] += row[i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        sums[i] = added(op, sums[i], row[i]);
      }
    }
  }

  private static void finish(Fold op, double[] sums, int n, long size) {
    for (int i = 0; i < n && (op == Fold.MEAN || op == Fold.NORM); i++) {
      sums[i] = op == Fold.MEAN ? sums[i] / size : Math.sqrt(sums[i]);
    }
  }

  private static void foldLongs(Fold op, Strided x, int place, Strided out) {
    Walk walk = new Walk(out.sizes(), new long[] {x.offset(), 0}, still(x, place), out.strides());
    long size = x.size(place);
    long along = x.stride(place);
    walk.run((at, n, w) -> {
      long[] results = Buffers.of(w).longs(0, Walk.ROW);
      for (int i = 0; i < n; i++) {
        long from = at[0] + i * walk.step(0);
        long result =
            op == Fold.MAX
                ? Long.MIN_VALUE
                : op == Fold.MIN ? Long.MAX_VALUE : op == Fold.ALL ? 1 : 0;
        for (long j = 0; j < size; j++) {
          long value = Elements.getLong(x.data(), x.type(), from + j * along);
          result =
              switch (op) {
                case MAX -> Math.max(result, value);
                case MIN -> Math.min(result, value);
                case ALL -> value == 0 ? 0 : result;
                case ANY -> value != 0 ? 1 : result;
                default -> result + value;
              };
        }
        results[i] = result;
      }
      Elements.store(results, out.data(), out.type(), at[1], walk.step(1), n);
    });
  }

  @Override
  default Tensor var(Tensor x, int dim, boolean unbiased, boolean keep) {
    if (!x.dtype().isFloating()) {
      throw new TensorException("var: expected floating-point elements, got " + x.describe());
    }
    DType type = x.dtype();
    return TensorScope.run(() -> {
      Tensor wide = x.to(DType.F64);
      Tensor away = wide.sub(wide.mean(dim, true)).square().sum(dim, keep);
      double count = x.strided().size(x.strided().dim("var", dim)) - (unbiased ? 1.0 : 0.0);
      return away.div(Math.max(0, count)).to(type);
    });
  }

  @Override
  default Tensor cumsum(Tensor tensor, int dim) {
    return running(tensor, dim, "cumsum", false);
  }

  @Override
  default Tensor cumprod(Tensor tensor, int dim) {
    return running(tensor, dim, "cumprod", true);
  }

  private static Tensor running(Tensor tensor, int dim, String operation, boolean product) {
    Strided x = tensor.strided();
    int place = x.dim(operation, dim);
    boolean whole = Elements.Precision.of(x.type()) == Elements.Precision.LONG;
    Strided out = Strided.allocate(whole ? DType.I64 : x.type(), x.sizes());
    long[] starts = folded(x, place, true);
    Walk walk = new Walk(starts, new long[] {x.offset(), 0}, still(x, place), still(out, place));
    long size = x.size(place);
    walk.run((at, n, w) -> {
      for (int i = 0; i < n; i++) {
        long from = at[0] + i * walk.step(0);
        long to = at[1] + i * walk.step(1);
        double sum = product ? 1 : 0;
        long count = product ? 1 : 0;
        for (long j = 0; j < size; j++) {
          if (whole) {
            long value = Elements.getLong(x.data(), x.type(), from + j * x.stride(place));
            count = product ? count * value : count + value;
            Elements.setLong(out.data(), out.type(), to + j * out.stride(place), count);
          } else {
            double value = Elements.get(x.data(), x.type(), from + j * x.stride(place));
            sum = product ? sum * value : sum + value;
            Elements.set(out.data(), out.type(), to + j * out.stride(place), sum);
          }
        }
      }
    });
    return Tensor.wrap(out);
  }
}
