package dev.heed.explain.measure;

import java.util.Arrays;

/** The middle of numbers. */
final class Median {
  private Median() {}

  /** The middle one, or the mean of the two in the middle; not a number of none. */
  static double of(double[] values) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
