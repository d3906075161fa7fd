package dev.heed.tensor;

import org.bytedeco.pytorch.global.torch;

/** Decompositions and solutions of the matrices in the last two dimensions. */
public final class LinearAlgebra {
  private LinearAlgebra() {}

  /**
   * An orthonormal basis and a triangular matrix whose product is the input.
   *
   * @param q orthonormal columns
   * @param r upper triangular
   */
  public record Qr(Tensor q, Tensor r) {}

  /** The reduced QR decomposition. */
  public static Qr qr(Tensor matrix) {
    LackingOperatorException.refuseJava("qr", matrix);
    Tensor.Ranked pair = Native.ranked("qr", matrix, x -> torch.linalg_qr(x, "reduced"));
    return new Qr(pair.values(), pair.indices());
  }

  /** The inverse. */
  public static Tensor inverse(Tensor matrix) {
    LackingOperatorException.refuseJava("inverse", matrix);
    return Native.op("inverse", matrix, torch::linalg_inv);
  }

  /** {@code x} with {@code matrix · x = right}. */
  public static Tensor solve(Tensor matrix, Tensor right) {
    LackingOperatorException.refuseJava("solve", matrix);
    return Native.op("solve", matrix, right, (a, b) -> torch.linalg_solve(a, b, true));
  }

  /**
   * {@code x} with {@code matrix · x = right}, where the matrix has ones on its diagonal and what
   * stands above it is taken for zeros: by substitution, row after row.
   */
  public static Tensor solveUnitLower(Tensor matrix, Tensor right) {
    return matrix.engine().solveUnitLower(matrix, right);
  }

  /**
   * Eigenvalues in ascending order and eigenvectors of Hermitian matrices.
   *
   * @param values real {@code […, n]}
   * @param vectors the columns {@code […, n, n]}
   */
  public record Eigen(Tensor values, Tensor vectors) {}

  /** The eigenvalues and eigenvectors of symmetric or Hermitian matrices. */
  public static Eigen eigenHermitian(Tensor matrix) {
    LackingOperatorException.refuseJava("eigenHermitian", matrix);
    Tensor.Ranked pair = Native.ranked("eigenHermitian", matrix, x -> torch.linalg_eigh(x));
    return new Eigen(pair.values(), pair.indices());
  }
}
