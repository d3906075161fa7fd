package dev.heed.explain.bias;

import java.util.Arrays;

/** Plain arithmetic on rows of numbers. */
final class Vectors {
  private Vectors() {}

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** {@code a + factor · b}. */
  static double[] plus(double[] a, double factor, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * b[i];
    }
    return sum;
  }

  static double[] times(double[] a, double factor) {
    return Arrays.stream(a).map(value -> value * factor).toArray();
  }

  /** At length one. */
  static double[] unit(double[] a) {
    return times(a, 1 / norm(a));
  }

  /** Without its part along a direction of length one. */
  static double[] without(double[] a, double[] direction) {
    return plus(a, -dot(a, direction), direction);
  }

  /** Cosine of the angle; not a number for a zero vector. */
  static double cosine(double[] a, double[] b) {
    return dot(a, b) / (norm(a) * norm(b));
  }

  /** Refuses rows of different sizes, no rows, and numbers that are not finite. */
  static void require(String what, double[][] rows, int size) {
    if (rows.length == 0) {
      throw new IllegalArgumentException(what + ": expected at least one vector, got none");
    }
    for (double[] row : rows) {
      if (row.length != size || !Arrays.stream(row).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            what + ": expected vectors of " + size + " finite numbers, got one of " + row.length);
      }
    }
  }
}
