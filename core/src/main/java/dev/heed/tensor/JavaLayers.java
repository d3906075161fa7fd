package dev.heed.tensor;

import dev.heed.tensor.kernel.Buffers;
import dev.heed.tensor.kernel.FloatKernel;
import dev.heed.tensor.kernel.Kernels;
import dev.heed.tensor.kernel.Teams;
import dev.heed.tensor.kernel.Workers;
import org.jspecify.annotations.Nullable;

/** Softmax and normalisation, in Java: a row at a time. */
interface JavaLayers extends LayerOperators {
  /** Less than this is not worth handing over. */
  long SHARED = 1 << 14;

  /** What is done with a row of floats. */
  interface FloatRow {
    void apply(float[] row, int count, FloatKernel kernel);
  }

  /** What is done with a row of doubles. */
  interface DoubleRow {
    void apply(double[] row, int count);
  }

  /** Applies to each row along a dimension; the result is in row-major order. */
  private static Tensor rows(
      String operation, Tensor tensor, int dim, FloatRow floats, DoubleRow doubles) {
    if (!tensor.dtype().isFloating()) {
      throw new TensorException(
          operation
              + ": expected floating-point elements, got "
              + tensor.describe()
              + "; convert with to(…)");
    }
    int place = tensor.strided().dim(operation, dim);
    int last = Math.max(0, tensor.rank() - 1);
    return TensorScope.run(() -> {
      Strided x = tensor.transpose(place, last).contiguous().strided();
      Strided out = Strided.allocate(x.type(), x.sizes());
      int size = Math.toIntExact(x.size(last));
      int count = size == 0 ? 0 : Math.toIntExact(x.elements() / size);
      FloatKernel kernel = Kernels.live().kernel();
      boolean wide = x.type() == DType.F64;
      share(
          count,
          x.elements(),
          (r, w) -> {
            long at = (long) r * size;
            if (wide) {
              double[] row = Buffers.of(w).doubles(0, size);
              Elements.load(x.data(), x.type(), x.offset() + at, 1, row, size);
              doubles.apply(row, size);
              Elements.store(row, out.data(), x.type(), at, 1, size);
            } else {
              float[] row = Buffers.of(w).floats(0, size);
              Elements.load(x.data(), x.type(), x.offset() + at, 1, row, size);
              floats.apply(row, size, kernel);
              Elements.store(row, out.data(), x.type(), at, 1, size);
            }
          });
      return Tensor.wrap(out).transpose(place, last).contiguous();
    });
  }

  /** Runs rows in a few tasks, on as many threads as they are worth. */
  static void share(int rows, long elements, Workers.Task row) {
    int threads = elements < SHARED ? 1 : JavaThreads.INSTANCE.count();
    if (threads == 1) {
      Workers.alone(rows, row);
      return;
    }
    int tasks = Math.min(rows, 4 * threads);
    Teams.of(threads)
        .run(
            tasks,
            (task, w) -> {
              int end = (int) ((long) rows * (task + 1) / tasks);
              for (int r = (int) ((long) rows * task / tasks); r < end; r++) {
                row.run(r, w);
              }
            });
  }

  @Override
  default Tensor softmax(Tensor x, int dim) {
    return rows(
        "softmax",
        x,
        dim,
        (row, n, kernel) -> {
          float sum = kernel.powers(row, 0, n, kernel.max(row, 0, n));
          float factor = 1 / sum;
          for (int i = 0; i < n; i++) {
            row[i] *= factor;
          }
        },
        (row, n) -> {
          double sum = powers(row, n, max(row, n));
          for (int i = 0; i < n; i++) {
            row[i] /= sum;
          }
        });
  }

  private static double max(double[] row, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, row[i]);
    }
    return max;
  }

  private static double powers(double[] row, int n, double max) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      row[i] = Math.exp(row[i] - max);
      sum += row[i];
    }
    return sum;
  }

  @Override
  default Tensor logSoftmax(Tensor x, int dim) {
    return rows(
        "logSoftmax",
        x,
        dim,
        (row, n, kernel) -> {
          float max = kernel.max(row, 0, n);
          float[] powers = java.util.Arrays.copyOf(row, n);
          float log = (float) Math.log(kernel.powers(powers, 0, n, max));
          for (int i = 0; i < n; i++) {
            row[i] = row[i] - max - log;
          }
        },
        (row, n) -> {
          double max = max(row, n);
          double log = Math.log(powers(row.clone(), n, max));
          for (int i = 0; i < n; i++) {
            row[i] = row[i] - max - log;
          }
        });
  }

  @Override
  default Tensor logSumExp(Tensor x, int dim, boolean keep) {
    DType type = Promotion.floating(x.dtype());
    Strided given = x.strided();
    int place = given.dim("logSumExp", dim);
    if (given.size(place) == 0) {
      Shape folded = Shape.of(JavaFolding.folded(given, place, keep));
      return x.engine().full(folded, Double.NEGATIVE_INFINITY, type);
    }
    return TensorScope.run(() -> {
      Tensor wide = x.to(type).widened();
      Tensor max = wide.amax(dim, true);
      Tensor finite = max.maskedFill(max.isFinite().not(), 0);
      Tensor sum = wide.sub(finite).exp().sum(dim, true).log().add(finite);
      return (keep || x.rank() == 0 ? sum : sum.squeeze(dim)).to(type);
    });
  }

  @Override
  default Tensor layerNorm(Tensor x, @Nullable Tensor gain, @Nullable Tensor bias, double epsilon) {
    for (Tensor parameter : new @Nullable Tensor[] {gain, bias}) {
      if (parameter != null && (parameter.rank() != 1 || parameter.size(0) != x.size(-1))) {
        throw new ShapeException(
            "layerNorm: expected parameters [" + x.size(-1) + "], got " + parameter.describe());
      }
    }
    if (x.dtype() == DType.F64) {
      double @Nullable [] scale = gain == null ? null : gain.toDoubleArray();
      double @Nullable [] shift = bias == null ? null : bias.toDoubleArray();
      return rows(
          "layerNorm",
          x,
          -1,
          (row, n, kernel) -> {},
          (row, n) -> normalise(row, n, scale, shift, epsilon));
    }
    float @Nullable [] scale = gain == null ? null : gain.toFloatArray();
    float @Nullable [] shift = bias == null ? null : bias.toFloatArray();
    return rows(
        "layerNorm",
        x,
        -1,
        (row, n, kernel) -> normalise(row, n, scale, shift, epsilon, kernel),
        (row, n) -> {});
  }

  private static void normalise(
      float[] row,
      int n,
      float @Nullable [] scale,
      float @Nullable [] shift,
      double epsilon,
      FloatKernel kernel) {
    float mean = kernel.sum(row, 0, n) / n;
    float variance = kernel.squaresAround(row, 0, n, mean) / n;
    float factor = (float) (1 / Math.sqrt(variance + epsilon));
    for (int i = 0; i < n; i++) {
      row[i] = (row[i] - mean) * factor;
    }
    for (int i = 0; scale != null && i < n; i++) {
      row[i] *= scale[i];
    }
    for (int i = 0; shift != null && i < n; i++) {
      row[i] += shift[i];
    }
  }

  private static void normalise(
      double[] row, int n, double @Nullable [] scale, double @Nullable [] shift, double epsilon) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += row[i];
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (row[i] - mean) * (row[i] - mean);
    }
    double factor = 1 / Math.sqrt(squares / n + epsilon);
    for (int i = 0; i < n; i++) {
      row[i] = (row[i] - mean) * factor;
      row[i] = scale == null ? row[i] : row[i] * scale[i];
      row[i] = shift == null ? row[i] : row[i] + shift[i];
    }
  }
}
