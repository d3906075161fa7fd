package dev.heed.evaluate;

import java.util.Arrays;

/** How far predicted numbers are from the right ones; not a number over none. */
public final class NumberErrors {
  private NumberErrors() {}

  /** The mean of {@code |predicted - actual|}. */
  public static double meanAbsolute(double[] predicted, double[] actual) {
    References.requireSame("numbers", predicted.length, actual.length);
    double sum = 0;
    for (int i = 0; i < actual.length; i++) {
      sum += Math.abs(predicted[i] - actual[i]);
    }
    return sum / actual.length;
  }

  /** The root of the mean of {@code (predicted - actual)²}. */
  public static double rootMeanSquare(double[] predicted, double[] actual) {
    return Math.sqrt(squares(predicted, actual) / actual.length);
  }

  /**
   * R²: {@code 1 - Σ(actual - predicted)² / Σ(actual - mean)²}; below 0 where predictions are worse
   * than the mean, not a number where all actual numbers are equal.
   */
  public static double explained(double[] predicted, double[] actual) {
    double mean = Arrays.stream(actual).average().orElse(Double.NaN);
    double spread = Arrays.stream(actual).map(y -> (y - mean) * (y - mean)).sum();
    return spread == 0 ? Double.NaN : 1 - squares(predicted, actual) / spread;
  }

  private static double squares(double[] predicted, double[] actual) {
    References.requireSame("numbers", predicted.length, actual.length);
    double sum = 0;
    for (int i = 0; i < actual.length; i++) {
      sum += (predicted[i] - actual[i]) * (predicted[i] - actual[i]);
    }
    return sum;
  }
}
