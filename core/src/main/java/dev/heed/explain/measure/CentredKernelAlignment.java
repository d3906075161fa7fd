package dev.heed.explain.measure;

import dev.heed.tensor.DType;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * CKA: how alike two representations of the same things are, whatever their sizes and rotations
 * (Kornblith et al., Similarity of Neural Network Representations Revisited, ICML 2019).
 *
 * <p>Representations are {@code [things, size]}; sizes may differ.
 */
public final class CentredKernelAlignment {
  private CentredKernelAlignment() {}

  /** Linear CKA: {@code |Y'X|²_F / (|X'X|_F |Y'Y|_F)} of centred columns. */
  public static double linear(Tensor x, Tensor y) {
    require(x, y, 2);
    return TensorScope.run(() -> {
      Tensor a = x.sub(x.mean(0, true));
      Tensor b = y.sub(y.mean(0, true));
      return squares(b.transpose(0, 1).matmul(a))
          / Math.sqrt(squares(a.transpose(0, 1).matmul(a)) * squares(b.transpose(0, 1).matmul(b)));
    });
  }

  /**
   * Linear CKA from unbiased estimates, which do not grow with the sizes where there are few
   * things: {@code HSIC₁(K, L) / sqrt(HSIC₁(K, K) HSIC₁(L, L))} (Song et al., JMLR 2012, equation
   * 5).
   *
   * @throws ShapeException if there are fewer than 4 things
   */
  public static double linearUnbiased(Tensor x, Tensor y) {
    require(x, y, 4);
    return TensorScope.run(() -> {
      Tensor k = withoutDiagonal(x.matmul(x.transpose(0, 1)));
      Tensor l = withoutDiagonal(y.matmul(y.transpose(0, 1)));
      return unbiased(k, l) / Math.sqrt(unbiased(k, k) * unbiased(l, l));
    });
  }

  /**
   * CKA of Gaussian kernels {@code exp(-d² / 2σ²)}.
   *
   * @param width σ by the root of the median squared distance over pairs, usually 0.5
   */
  public static double gaussian(Tensor x, Tensor y, double width) {
    require(x, y, 2);
    return TensorScope.run(() -> {
      Tensor k = centred(gaussian(x, width));
      Tensor l = centred(gaussian(y, width));
      return k.mul(l).sum().item() / Math.sqrt(squares(k) * squares(l));
    });
  }

  private static Tensor gaussian(Tensor rows, double width) {
    Tensor x = rows.to(DType.F64); // distances are small differences of large numbers
    int things = Math.toIntExact(x.size(0));
    Tensor squares = x.square().sum(1, true);
    Tensor products = x.matmul(x.transpose(0, 1));
    Tensor distances = squares.add(squares.transpose(0, 1)).sub(products.mul(2)).relu();
    double[] all = distances.toDoubleArray();
    double[] pairs = new double[things * (things - 1) / 2];
    int next = 0;
    for (int i = 0; i < things; i++) {
      for (int j = i + 1; j < things; j++) {
        pairs[next++] = all[i * things + j];
      }
    }
    double sigmaSquared = width * width * Median.of(pairs);
    // A thing has no distance from itself, whatever rounding says.
    return withoutDiagonal(distances.div(-2 * sigmaSquared)).exp();
  }

  private static Tensor withoutDiagonal(Tensor matrix) {
    return matrix.mul(
        Tensor.ones(matrix.shape(), matrix.dtype())
            .sub(Tensor.eye(matrix.size(0), matrix.dtype())));
  }

  private static Tensor centred(Tensor kernel) {
    Tensor rows = kernel.sub(kernel.mean(0, true));
    return rows.sub(rows.mean(1, true));
  }

  private static double unbiased(Tensor k, Tensor l) {
    double n = k.size(0);
    Tensor rowsK = k.sum(1, true);
    Tensor rowsL = l.sum(1, true);
    double sums = rowsK.sum().item() * rowsL.sum().item() / ((n - 1) * (n - 2));
    double crossed = 2 * rowsK.mul(rowsL).sum().item() / (n - 2);
    return (k.mul(l).sum().item() + sums - crossed) / (n * (n - 3));
  }

  private static double squares(Tensor matrix) {
    return matrix.square().sum().item();
  }

  private static void require(Tensor x, Tensor y, int least) {
    if (x.rank() != 2 || y.rank() != 2 || x.size(0) != y.size(0) || x.size(0) < least) {
      throw new ShapeException(
          "CKA: expected two tensors [things, size] of at least "
              + least
              + " things, as many in both, got "
              + x.shape()
              + " and "
              + y.shape());
    }
  }
}
