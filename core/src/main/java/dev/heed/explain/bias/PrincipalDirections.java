package dev.heed.explain.bias;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The directions along which vectors spread most, from the eigenvectors of their products (PCA
 * without centring; rotations of Jacobi 1846).
 *
 * @param first the direction of the largest spread, at length one; its sign is arbitrary
 * @param shares what share of all squares lies along each direction, falling
 */
record PrincipalDirections(double[] first, double[] shares) {
  private static final int MOST_SWEEPS = 100;

  /** Of the rows {@code [n][size]}; as many shares as the smaller of both. */
  static PrincipalDirections of(double[][] rows) {
    int n = rows.length;
    double[][] products = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        products[i][j] = Vectors.dot(rows[i], rows[j]);
      }
    }
    double[][] vectors = diagonalise(products);
    double[] squares = IntStream.range(0, n).mapToDouble(i -> products[i][i]).toArray();
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> squares[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    double total = Arrays.stream(squares).sum();
    double[] first = new double[rows[0].length];
    for (int i = 0; i < n; i++) {
      first = Vectors.plus(first, vectors[i][order[0]], rows[i]);
    }
    double[] shares =
        IntStream.range(0, Math.min(n, rows[0].length))
            .mapToDouble(k -> Math.max(0, squares[order[k]]) / total)
            .toArray();
    return new PrincipalDirections(Vectors.unit(first), shares);
  }

  /** Turns a symmetric matrix into its eigenvalues and returns the eigenvectors as columns. */
  private static double[][] diagonalise(double[][] matrix) {
    int n = matrix.length;
    double[][] vectors = new double[n][n];
    double scale = 0;
    for (int i = 0; i < n; i++) {
      vectors[i][i] = 1;
      scale += Vectors.dot(matrix[i], matrix[i]);
    }
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      double off = 0;
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          off += matrix[p][q] * matrix[p][q];
          rotate(matrix, vectors, p, q);
        }
      }
      if (off <= 1e-32 * scale) {
        break;
      }
    }
    return vectors;
  }

  /** Makes the element at p, q zero. */
  private static void rotate(double[][] matrix, double[][] vectors, int p, int q) {
    if (matrix[p][q] == 0) {
      return;
    }
    double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
    double tangent = Math.copySign(1 / (Math.abs(theta) + Math.hypot(theta, 1)), theta);
    double cosine = 1 / Math.hypot(tangent, 1);
    double sine = tangent * cosine;
    for (double[] row : matrix) {
      turn(row, p, q, cosine, sine);
    }
    for (int k = 0; k < matrix.length; k++) {
      double atP = matrix[p][k];
      matrix[p][k] = cosine * atP - sine * matrix[q][k];
      matrix[q][k] = sine * atP + cosine * matrix[q][k];
    }
    for (double[] row : vectors) {
      turn(row, p, q, cosine, sine);
    }
  }

  private static void turn(double[] row, int p, int q, double cosine, double sine) {
    double atP = row[p];
    row[p] = cosine * atP - sine * row[q];
    row[q] = sine * atP + cosine * row[q];
  }
}
