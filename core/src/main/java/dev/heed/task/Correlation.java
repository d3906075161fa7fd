package dev.heed.task;

import java.util.Comparator;
import java.util.stream.IntStream;

/** How well one list of numbers follows another. */
public final class Correlation {
  private Correlation() {}

  /**
   * Pearson's r: the covariance over the product of the standard deviations.
   *
   * @return in [-1, 1], or not a number if a list is constant
   * @throws IllegalArgumentException if the lengths differ or are below 2
   */
  public static double pearson(double[] x, double[] y) {
    if (x.length != y.length || x.length < 2) {
      throw new IllegalArgumentException(
          "correlation: expected two lists of one length from 2, got "
              + x.length
              + " and "
              + y.length);
    }
    double meanX = mean(x);
    double meanY = mean(y);
    double both = 0;
    double ofX = 0;
    double ofY = 0;
    for (int i = 0; i < x.length; i++) {
      both += (x[i] - meanX) * (y[i] - meanY);
      ofX += (x[i] - meanX) * (x[i] - meanX);
      ofY += (y[i] - meanY) * (y[i] - meanY);
    }
    return both / Math.sqrt(ofX * ofY);
  }

  /** Spearman's ρ: Pearson's r of the ranks; equal numbers share the mean of their ranks. */
  public static double spearman(double[] x, double[] y) {
    return pearson(ranks(x), ranks(y));
  }

  private static double mean(double[] x) {
    return java.util.Arrays.stream(x).average().orElse(Double.NaN);
  }

  private static double[] ranks(double[] x) {
    int[] order =
        IntStream.range(0, x.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> x[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] ranks = new double[x.length];
    int start = 0;
    while (start < order.length) {
      int end = start + 1;
      while (end < order.length && x[order[end]] == x[order[start]]) {
        end++;
      }
      for (int i = start; i < end; i++) {
        ranks[order[i]] = (start + end - 1) / 2.0;
      }
      start = end;
    }
    return ranks;
  }
}
