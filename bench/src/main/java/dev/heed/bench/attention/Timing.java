package dev.heed.bench.attention;

import java.util.Arrays;

/**
 * Times of one contestant in milliseconds.
 *
 * @param median of all runs
 * @param low first quartile
 * @param high third quartile
 * @param runs how many
 */
public record Timing(double median, double low, double high, int runs) {
  /** The median and quartiles of these. */
  public static Timing of(double[] milliseconds) {
    double[] sorted = milliseconds.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return new Timing(sorted[n / 2], sorted[n / 4], sorted[(3 * n) / 4], n);
  }
}
