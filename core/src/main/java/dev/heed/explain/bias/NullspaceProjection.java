package dev.heed.explain.bias;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * INLP: removes from vectors what a linear classifier can tell two classes apart by, again and
 * again (Ravfogel et al., Null It Out, ACL 2020).
 *
 * <p>The classifier is ridge regression {@code w = (X'X + λI)⁻¹ X'y} on targets -1 and 1 without
 * intercept. After each fit all vectors are projected off the span of all weights so far.
 *
 * @param weights of each iteration's classifier {@code [iterations][size]}
 * @param accuracies of each on the vectors that it was fitted to
 * @param projection {@code P [size][size]}, symmetric
 */
public record NullspaceProjection(double[][] weights, double[] accuracies, double[][] projection) {
  private static final double NEGLIGIBLE = 1e-12;

  /**
   * Fits classifiers and removes what they use.
   *
   * @param x {@code [vectors][size]}
   * @param positive which of them are of the class told apart
   * @param iterations at least 1
   * @param ridge λ, above 0
   * @throws IllegalArgumentException if sizes differ or a number is out of its range
   */
  public static NullspaceProjection fit(
      double[][] x, boolean[] positive, int iterations, double ridge) {
    Vectors.require("vectors", x, x.length == 0 ? 0 : x[0].length);
    if (positive.length != x.length || iterations < 1 || !(ridge > 0)) {
      throw new IllegalArgumentException(
          "INLP: expected a class for each of "
              + x.length
              + " vectors, at least 1 iteration and a ridge above 0, got "
              + positive.length
              + ", "
              + iterations
              + " and "
              + ridge);
    }
    double[][] weights = new double[iterations][];
    double[] accuracies = new double[iterations];
    double[][] projected = x;
    double[][] projection = identity(x[0].length);
    for (int i = 0; i < iterations; i++) {
      weights[i] = ridge(projected, positive, ridge);
      accuracies[i] = accuracy(projected, positive, weights[i]);
      projection = off(Arrays.copyOf(weights, i + 1));
      projected = apply(projection, x);
    }
    return new NullspaceProjection(weights, accuracies, projection);
  }

  /**
   * The projection off the span of some directions.
   *
   * @param directions {@code [directions][size]}; those that lie in the span of earlier ones add
   *     nothing
   */
  public static double[][] off(double[][] directions) {
    Vectors.require("directions", directions, directions.length == 0 ? 0 : directions[0].length);
    List<double[]> basis = new ArrayList<>();
    for (double[] direction : directions) {
      double[] rest = direction;
      for (int twice = 0; twice < 2; twice++) { // the second time removes what rounding left
        for (double[] known : basis) {
          rest = Vectors.without(rest, known);
        }
      }
      if (Vectors.norm(rest) > NEGLIGIBLE * Vectors.norm(direction)) {
        basis.add(Vectors.unit(rest));
      }
    }
    double[][] projection = identity(directions[0].length);
    for (double[] direction : basis) {
      for (int i = 0; i < projection.length; i++) {
        projection[i] = Vectors.plus(projection[i], -direction[i], direction);
      }
    }
    return projection;
  }

  /** The vectors without what was removed: {@code x · P}. */
  public double[][] apply(double[][] x) {
    return apply(projection, x);
  }

  /** Vectors times a symmetric matrix. */
  public static double[][] apply(double[][] projection, double[][] x) {
    double[][] projected = new double[x.length][projection.length];
    for (int row = 0; row < x.length; row++) {
      for (int i = 0; i < projection.length; i++) {
        projected[row][i] = Vectors.dot(x[row], projection[i]);
      }
    }
    return projected;
  }

  private static double accuracy(double[][] x, boolean[] positive, double[] weights) {
    double right = 0;
    for (int i = 0; i < x.length; i++) {
      right += (Vectors.dot(x[i], weights) > 0) == positive[i] ? 1 : 0;
    }
    return right / x.length;
  }

  private static double[] ridge(double[][] x, boolean[] positive, double ridge) {
    int size = x[0].length;
    double[][] normal = identity(size);
    double[] target = new double[size];
    for (int i = 0; i < size; i++) {
      normal[i][i] = ridge;
    }
    for (int row = 0; row < x.length; row++) {
      target = Vectors.plus(target, positive[row] ? 1 : -1, x[row]);
      for (int i = 0; i < size; i++) {
        normal[i] = Vectors.plus(normal[i], x[row][i], x[row]);
      }
    }
    return solve(normal, target);
  }

  /** Solves a symmetric positive definite system by Cholesky's factors. */
  private static double[] solve(double[][] matrix, double[] target) {
    int n = target.length;
    double[][] lower = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = matrix[i][j] - Vectors.dot(lower[i], lower[j]);
        lower[i][j] = i == j ? Math.sqrt(rest) : rest / lower[j][j];
      }
    }
    double[] half = new double[n];
    for (int i = 0; i < n; i++) {
      half[i] = (target[i] - Vectors.dot(lower[i], half)) / lower[i][i];
    }
    double[] solution = new double[n];
    for (int i = n - 1; i >= 0; i--) {
      double rest = half[i];
      for (int j = i + 1; j < n; j++) {
        rest -= lower[j][i] * solution[j];
      }
      solution[i] = rest / lower[i][i];
    }
    return solution;
  }

  private static double[][] identity(int size) {
    double[][] identity = new double[size][size];
    for (int i = 0; i < size; i++) {
      identity[i][i] = 1;
    }
    return identity;
  }
}
