package dev.heed.mixer.statespace;

import dev.heed.tensor.DType;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * The matrices of HiPPO, whose state is the input's past as coefficients of a basis.
 *
 * <p>Gu et al. 2020, "HiPPO: Recurrent Memory with Optimal Polynomial Projections", appendix D; the
 * corrections of low rank P, with which {@code A + P Pᵀ} is normal, from Gu et al. 2022, "S4",
 * appendix C.1. Everything is computed in double.
 */
public enum Hippo {
  /** Scaled Legendre polynomials: the whole past, ever more coarsely. */
  LEGS(1) {
    @Override
    double a(int n, int k) {
      return n > k ? -Math.sqrt((2.0 * n + 1) * (2.0 * k + 1)) : n == k ? -(n + 1) : 0;
    }

    @Override
    double b(int n) {
      return Math.sqrt(2.0 * n + 1);
    }

    @Override
    double p(int row, int n) {
      return Math.sqrt(n + 0.5);
    }
  },
  /** Translated Legendre polynomials: a window of the past. */
  LEGT(2) {
    @Override
    double a(int n, int k) {
      double sign = n < k && (k - n) % 2 == 1 ? -1 : 1;
      return -0.5 * sign * Math.sqrt((2.0 * n + 1) * (2.0 * k + 1));
    }

    @Override
    double b(int n) {
      return 0.5 * Math.sqrt(2.0 * n + 1);
    }

    @Override
    double p(int row, int n) {
      return n % 2 == row ? 0 : Math.sqrt(n + 0.5);
    }
  },
  /** The Fourier basis: a window of the past as frequencies. */
  FOURIER(1) {
    @Override
    double a(int n, int k) {
      double frequency = Math.PI * (Math.max(n, k) / 2);
      double turn = n - k == 1 && n % 2 == 1 ? frequency : 0;
      turn = k - n == 1 && k % 2 == 1 ? -frequency : turn;
      return turn - b(n) * b(k);
    }

    @Override
    double b(int n) {
      return n == 0 ? 1 : n % 2 == 0 ? Math.sqrt(2) : 0;
    }

    @Override
    double p(int row, int n) {
      return b(n);
    }
  };

  private static final double ZERO = 1e-8;

  private final int rank;

  Hippo(int rank) {
    this.rank = rank;
  }

  abstract double a(int n, int k);

  abstract double b(int n);

  abstract double p(int row, int n);

  /**
   * A normal matrix and a correction of low rank, in the basis that makes the first diagonal.
   *
   * @param values complex {@code [N / 2]}: the eigenvalues of negative imaginary part, ascending;
   *     their conjugates complete them
   * @param b complex {@code [N / 2]}
   * @param p complex {@code [rank, N / 2]}
   */
  public record Diagonalised(Tensor values, Tensor b, Tensor p) {}

  /** The rank of the correction. */
  public int rank() {
    return rank;
  }

  /** A, f64 {@code [N, N]}. */
  public Tensor transition(int size) {
    double[] values = new double[size * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = a(i / size, i % size);
    }
    return Tensor.of(values, size, size);
  }

  /** B, f64 {@code [N]}. */
  public Tensor input(int size) {
    double[] values = new double[size];
    for (int n = 0; n < size; n++) {
      values[n] = b(n);
    }
    return Tensor.of(values, size);
  }

  /** P, f64 {@code [rank, N]}. */
  public Tensor correction(int size) {
    double[] values = new double[rank * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = p(i / size, i % size);
    }
    return Tensor.of(values, rank, size);
  }

  /**
   * The normal plus low-rank form: {@code A = V (Λ − P P*) V*}.
   *
   * @param size N, even
   * @throws IllegalArgumentException if it is not
   */
  public Diagonalised diagonalised(int size) {
    if (size < 2 || size % 2 != 0) {
      throw new IllegalArgumentException(
          "HiPPO: expected an even state size of at least 2 (conjugate pairs), got " + size);
    }
    return TensorScope.run(() -> {
      Tensor p = correction(size);
      Tensor normal = transition(size).add(p.transpose(0, 1).matmul(p));
      Tensor real = normal.diagonal(0, 0, 1).mean(0, true);
      Tensor skew = normal.sub(Tensor.eye(size, DType.F64).mul(real));
      Tensor none = Tensor.zeros(Shape.of(size, size), DType.F64);
      // a skew-symmetric matrix times −i is Hermitian
      LinearAlgebra.Eigen eigen = LinearAlgebra.eigenHermitian(Fourier.complex(none, skew.neg()));
      int half = size / 2;
      Tensor imaginary = eigen.values().narrow(0, 0, half);
      Tensor vectors = eigen.vectors().narrow(1, 0, half);
      boolean zeroPair = Math.abs(imaginary.select(0, half - 1).item()) < ZERO;
      Tensor basis = Fourier.conjugate(zeroPair ? withZeroPair(vectors) : vectors); // (V*)ᵀ
      return new Diagonalised(
          Fourier.complex(real.expand(half).contiguous(), imaginary),
          complex(input(size)).matmul(basis),
          complex(p).matmul(basis));
    });
  }

  /**
   * Of the Fourier basis the first two coordinates have the eigenvalue 0 twice, and any basis of
   * them: {@code (e₀ + i e₁) / √2} and its conjugate are a pair like the others.
   */
  private static Tensor withZeroPair(Tensor vectors) {
    long size = vectors.size(0);
    Tensor units = Tensor.eye(size, DType.F64).mul(Math.sqrt(0.5));
    Tensor last = Fourier.complex(units.narrow(1, 0, 1), units.narrow(1, 1, 1));
    return Tensor.cat(List.of(vectors.narrow(1, 0, vectors.size(1) - 1), last), 1);
  }

  private static Tensor complex(Tensor real) {
    return real.to(DType.C128);
  }
}
