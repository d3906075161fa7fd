package dev.heed.train.optim;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/** The norm of many tensors as if they were one vector, summed in an order that never changes. */
public final class GradientNorm {
  private static final int LANES = 8;

  private GradientNorm() {}

  /**
   * {@code (Σ|g|ᵖ)^(1/p)}, or the largest |g| for an infinite degree.
   *
   * @param gradients floating point, any layout
   * @param degree p, above 0
   * @return 0 for no elements; NaN or infinite if an element is
   */
  public static double of(List<Tensor> gradients, double degree) {
    try (TensorScope scope = TensorScope.open()) {
      List<Transfer.Memory> memory =
          gradients.stream().map(g -> Transfer.Memory.of(g.contiguous())).toList();
      Pieces pieces = new Pieces(gradients.stream().map(Tensor::elements).toList());
      double[] parts = new double[pieces.count()];
      pieces.run(() -> {
        Transfer transfer = new Transfer();
        double[] values = new double[Block.SIZE];
        return piece -> {
          transfer.read(memory.get(piece.tensor()), piece.from(), piece.count(), values);
          parts[piece.number()] = part(values, piece.count(), degree);
        };
      });
      return fold(parts, degree);
    }
  }

  private static double part(double[] values, int count, double degree) {
    if (degree == 2) {
      return sumOfSquares(values, count);
    }
    double result = 0;
    for (int i = 0; i < count; i++) {
      double size = Math.abs(values[i]);
      result =
          Double.isInfinite(degree)
              ? Math.max(result, size)
              : result + (degree == 1 ? size : Math.pow(size, degree));
    }
    return result;
  }

  /** In eight sums that do not wait for each other. */
  private static double sumOfSquares(double[] values, int count) {
    double[] sums = new double[LANES];
    int whole = count - count % LANES;
    for (int i = 0; i < whole; i += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        sums[lane] += values[i + lane] * values[i + lane];
      }
    }
    for (int i = whole; i < count; i++) {
      sums[0] += values[i] * values[i];
    }
    double sum = 0;
    for (double lane : sums) {
      sum += lane;
    }
    return sum;
  }

  private static double fold(double[] parts, double degree) {
    double result = 0;
    for (double part : parts) {
      result = Double.isInfinite(degree) ? Math.max(result, part) : result + part;
    }
    if (Double.isInfinite(degree) || degree == 1) {
      return result;
    }
    return degree == 2 ? Math.sqrt(result) : Math.pow(result, 1 / degree);
  }
}
