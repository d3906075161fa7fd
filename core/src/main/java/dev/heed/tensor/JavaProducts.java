package dev.heed.tensor;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workers;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Products of matrices, in Java. */
interface JavaProducts extends LayerOperators {
  @Override
  default Tensor matmul(Tensor x, Tensor y) {
    requireOneType("matmul", x, y);
    if (x.rank() == 0 || y.rank() == 0) {
      throw new ShapeException(
          "matmul: expected vectors or matrices, got " + x.describe() + " and " + y.describe());
    }
    if (x.rank() == 1) {
      return TensorScope.run(() -> {
        Tensor product = matmul(x.unsqueeze(0), y);
        return product.squeeze(y.rank() == 1 ? 0 : -2);
      });
    }
    if (y.rank() == 1) {
      return TensorScope.run(() -> matmul(x, y.unsqueeze(1)).squeeze(-1));
    }
    return Tensor.wrap(product("matmul", x.strided(), y.strided()));
  }

  private static void requireOneType(String operation, Tensor x, Tensor y) {
    if (x.dtype() != y.dtype()) {
      throw new TensorException(
          operation
              + ": expected operands of one type, got "
              + x.describe()
              + " and "
              + y.describe()
              + "; convert with to(…)");
    }
  }

  private static Strided product(String operation, Strided x, Strided y) {
    int rows = Math.toIntExact(x.sizes()[x.rank() - 2]);
    int depth = Math.toIntExact(x.sizes()[x.rank() - 1]);
    int columns = Math.toIntExact(y.sizes()[y.rank() - 1]);
    if (y.sizes()[y.rank() - 2] != depth) {
      throw new ShapeException(
          operation
              + ": expected the last size of the first to be the last but one of the second, got "
              + x.describe()
              + " and "
              + y.describe());
    }
    long[] batch = Strided.together(operation, outer(x), outer(y));
    boolean oneMatrix = y.rank() == 2 && x.rank() > 2;
    if (oneMatrix) {
      Strided flat = flattened(x);
      if (flat != null) {
        return linear(flat, y, depth, columns, resultSizes(batch, rows, columns));
      }
    }
    Strided out = Strided.allocate(x.type(), resultSizes(batch, rows, columns));
    int matrices = Math.toIntExact(Arrays.stream(batch).reduce(1, (a, b) -> a * b));
    Matrices left = new Matrices(operation, x, batch);
    Matrices right = new Matrices(operation, y, batch);
    Matrices into = new Matrices(operation, out, batch);
    multiply(matrices, rows, depth, columns, left, right, into);
    return out;
  }

  private static long[] resultSizes(long[] batch, long rows, long columns) {
    long[] sizes = Arrays.copyOf(batch, batch.length + 2);
    sizes[batch.length] = rows;
    sizes[batch.length + 1] = columns;
    return sizes;
  }

  /** All rows as one matrix, or null if that needs a copy. */
  private static @Nullable Strided flattened(Strided x) {
    long depth = x.sizes()[x.rank() - 1];
    long[] sizes = {depth == 0 ? 0 : x.elements() / depth, depth};
    long[] strides = depth == 0 ? null : x.stridesUnder(sizes);
    return strides == null ? null : new Strided(x.memory(), x.offset(), sizes, strides, x.type());
  }

  private static Strided linear(Strided x, Strided y, int depth, int columns, long[] sizes) {
    Strided out = Strided.allocate(x.type(), sizes);
    int rows = Math.toIntExact(x.sizes()[0]);
    long[] flat = {rows, columns};
    Strided target = new Strided(out.memory(), 0, flat, Strided.rowMajor(flat), x.type());
    long[] none = {};
    multiply(
        1,
        rows,
        depth,
        columns,
        new Matrices("linear", x, none),
        new Matrices("linear", y, none),
        new Matrices("linear", target, none));
    return out;
  }

  private static Strided outer(Strided x) {
    int rank = x.rank() - 2;
    return new Strided(
        x.memory(),
        x.offset(),
        Arrays.copyOf(x.sizes(), rank),
        Arrays.copyOf(x.strides(), rank),
        x.type());
  }

  /** The matrices of a tensor whose outer dimensions broadcast to a shape. */
  final class Matrices {
    private final Strided tensor;
    private final long[] batch;
    private final long[] strides;

    Matrices(String operation, Strided tensor, long[] batch) {
      this.tensor = tensor;
      this.batch = batch;
      this.strides = outer(tensor).stridesFor(operation, batch);
    }

    MatrixView at(int index) {
      long offset = tensor.offset();
      long left = index;
      for (int d = batch.length - 1; d >= 0; d--) {
        offset += left % batch[d] * strides[d];
        left /= batch[d];
      }
      int rank = tensor.rank();
      return new MatrixView(
          tensor.memory(),
          tensor.type(),
          offset,
          tensor.strides()[rank - 2],
          tensor.strides()[rank - 1]);
    }
  }

  private static void multiply(
      int matrices, int rows, int depth, int columns, Matrices x, Matrices y, Matrices out) {
    DType type = x.tensor.type();
    if (Elements.Precision.of(type) == Elements.Precision.FLOAT) {
      new MatrixProduct(
              matrices,
              rows,
              depth,
              columns,
              x::at,
              i -> Panels.of(y.at(i), depth, columns),
              out::at,
              Panels.Finish.NONE)
          .run();
      return;
    }
    if (type == DType.BOOL) {
      throw new TensorException("matmul: expected numbers, got " + x.tensor.describe());
    }
    Workers.Task row =
        (task, w) -> {
          MatrixView a = x.at(task / rows);
          MatrixView b = y.at(task / rows);
          MatrixView c = out.at(task / rows);
          if (type == DType.F64) {
            doubles(a, b, c, task % rows, depth, columns, Buffers.of(w));
          } else {
            longs(a, b, c, task % rows, depth, columns, Buffers.of(w));
          }
        };
    double flops = 2.0 * matrices * rows * depth * columns;
    if (flops < 1e5) {
      Workers.alone(matrices * rows, row);
    } else {
      Teams.of(JavaThreads.INSTANCE.count()).run(matrices * rows, row);
    }
  }

  private static void doubles(
      MatrixView a, MatrixView b, MatrixView c, int row, int depth, int columns, Buffers buffers) {
    double[] sums = buffers.doubles(0, columns);
    double[] of = buffers.doubles(1, Math.max(columns, depth));
    double[] factors = buffers.doubles(2, depth);
    Elements.load(a.data(), a.type(), a.at(row, 0), a.across(), factors, depth);
    if (b.down() == 1 && b.across() != 1) {
      for (int j = 0; j < columns; j++) {
        Elements.load(b.data(), b.type(), b.at(0, j), 1, of, depth);
        double sum = 0;
        for (int l = 0; l < depth; l++) {
          sum += factors[l] * of[l];
        }
        sums[j] = sum;
      }
    } else {
      Arrays.fill(sums, 0, columns, 0);
      for (int l = 0; l < depth; l++) {
        Elements.load(b.data(), b.type(), b.at(l, 0), b.across(), of, columns);
        double factor = factors[l];
        for (int j = 0; j < columns; j++) {
          sums[j] += factor * of[j];
        }
      }
    }
    Elements.store(sums, c.data(), c.type(), c.at(row, 0), c.across(), columns);
  }

  private static void longs(
      MatrixView a, MatrixView b, MatrixView c, int row, int depth, int columns, Buffers buffers) {
    long[] sums = buffers.longs(0, columns);
    Arrays.fill(sums, 0, columns, 0);
    for (int l = 0; l < depth; l++) {
      long factor = Elements.getLong(a.data(), a.type(), a.at(row, l));
      for (int j = 0; j < columns; j++) {
        sums[j] += factor * Elements.getLong(b.data(), b.type(), b.at(l, j));
      }
    }
    Elements.store(sums, c.data(), c.type(), c.at(row, 0), c.across(), columns);
  }

  @Override
  default Tensor linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
    requireOneType("linear", x, weight);
    if (bias != null) {
      requireOneType("linear", x, bias);
    }
    if (weight.rank() != 2 || x.rank() == 0 || x.size(-1) != weight.size(1)) {
      throw new ShapeException(
          "linear: expected an input [..., "
              + weight.size(-1)
              + "] for this weight, got "
              + x.describe()
              + " and "
              + weight.describe());
    }
    if (Elements.Precision.of(x.dtype()) == Elements.Precision.FLOAT) {
      return JavaLinear.apply(x, weight, bias);
    }
    return TensorScope.run(() -> {
      Tensor rows = x.unsqueeze(0).flatten(0, -2);
      long[] sizes = x.shape().toArray();
      sizes[sizes.length - 1] = weight.size(0);
      Tensor plain =
          Tensor.wrap(product("linear", rows.strided(), weight.transpose(0, 1).strided()));
      return (bias == null ? plain : plain.add(bias)).reshape(sizes);
    });
  }

  @Override
  default boolean packs(Tensor weight) {
    return weight.dtype() == DType.F32 || weight.dtype() == DType.BF16;
  }

  @Override
  default Packed pack(List<Tensor> weights, List<Tensor> biases) {
    return JavaLinear.of(weights, biases);
  }

  @Override
  default Tensor solveUnitLower(Tensor matrix, Tensor right) {
    if (matrix.rank() < 2 || right.rank() < 2 || matrix.size(-1) != matrix.size(-2)) {
      throw new ShapeException(
          "solveUnitLower: expected square matrices, got "
              + matrix.describe()
              + " and "
              + right.describe());
    }
    return TensorScope.run(() -> {
      long[] batch =
          Strided.together("solveUnitLower", outer(matrix.strided()), outer(right.strided()));
      Tensor x =
          right.expand(resultSizes(batch, right.size(-2), right.size(-1))).contiguous().copy();
      for (long row = 1; row < matrix.size(-1); row++) {
        long at = row;
        TensorScope.run(() -> {
          Tensor factors = matrix.narrow(-2, at, 1).narrow(-1, 0, at);
          return x.narrow(-2, at, 1).addInPlace(factors.matmul(x.narrow(-2, 0, at)), -1).elements();
        });
      }
      return x;
    });
  }

  @Override
  default Tensor einsum(String equation, Tensor... operands) {
    return Einsum.of(equation, List.of(operands));
  }
}
