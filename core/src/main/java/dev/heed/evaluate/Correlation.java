package dev.heed.evaluate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * How well one list of numbers follows another.
 *
 * <p>All take two lists of one length from 2; what divides by the spread of a constant list is not
 * a number.
 */
public final class Correlation {
  private Correlation() {}

  /**
   * Pearson's r: the covariance over the product of the standard deviations.
   *
   * @return in [-1, 1], or not a number if a list is constant
   * @throws IllegalArgumentException if the lengths differ or are below 2, or a number is none
   */
  public static double pearson(double[] x, double[] y) {
    require(x, y);
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
    require(x, y);
    return pearson(ranks(x), ranks(y));
  }

  /**
   * Kendall's τ_b: {@code (C - D) / sqrt((n₀ - n_x)(n₀ - n_y))}, where of all {@code n₀} pairs C
   * are in the same order in both lists, D in opposite order, and {@code n_x}, {@code n_y} equal in
   * one (Kendall, The treatment of ties in ranking problems, Biometrika 1945).
   */
  public static double kendall(double[] x, double[] y) {
    KendallPairs pairs = KendallPairs.of(x, y);
    return pairs.surplus()
        / (Math.sqrt(pairs.all() - pairs.equalX()) * Math.sqrt(pairs.all() - pairs.equalY()));
  }

  /** Kendall's τ_a: {@code (C - D) / n₀}, without a correction for ties. */
  public static double kendallA(double[] x, double[] y) {
    KendallPairs pairs = KendallPairs.of(x, y);
    return pairs.surplus() / pairs.all();
  }

  /**
   * Stuart's τ_c: {@code 2 (C - D) / (n² (m - 1) / m)}, m the smaller number of distinct values.
   */
  public static double kendallC(double[] x, double[] y) {
    KendallPairs pairs = KendallPairs.of(x, y);
    double distinct = Math.min(distinct(x), distinct(y));
    return 2 * pairs.surplus() * distinct / ((double) x.length * x.length * (distinct - 1));
  }

  /** The ranks from 1 of the smallest on; equal numbers share the mean of their ranks. */
  public static double[] ranks(double[] x) {
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
        ranks[order[i]] = (start + end + 1) / 2.0;
      }
      start = end;
    }
    return ranks;
  }

  /**
   * The measures {@code pearson}, {@code spearman}, {@code kendall}, and the errors {@code mae},
   * {@code rmse}, {@code r2} of predictions.
   */
  public static CorpusMeasure measure(double[] predicted, double[] actual) {
    require(predicted, actual);
    return new CorpusMeasure() {
      @Override
      public int items() {
        return actual.length;
      }

      @Override
      public SequencedMap<String, Double> over(int[] selection) {
        double[] x = IntStream.of(selection).mapToDouble(i -> predicted[i]).toArray();
        double[] y = IntStream.of(selection).mapToDouble(i -> actual[i]).toArray();
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        boolean one = selection.length < 2;
        values.put("pearson", one ? Double.NaN : pearson(x, y));
        values.put("spearman", one ? Double.NaN : spearman(x, y));
        values.put("kendall", one ? Double.NaN : kendall(x, y));
        values.put("mae", NumberErrors.meanAbsolute(x, y));
        values.put("rmse", NumberErrors.rootMeanSquare(x, y));
        values.put("r2", NumberErrors.explained(x, y));
        return values;
      }
    };
  }

  static void require(double[] x, double[] y) {
    if (x.length != y.length || x.length < 2) {
      throw new IllegalArgumentException(
          "correlation: expected two lists of one length from 2, got "
              + x.length
              + " and "
              + y.length);
    }
    if (Arrays.stream(x).anyMatch(Double::isNaN) || Arrays.stream(y).anyMatch(Double::isNaN)) {
      throw new IllegalArgumentException(
          "correlation: expected numbers, got one that is not a number; leave such pairs out");
    }
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElse(Double.NaN);
  }

  /** Zero with a minus sign is zero. */
  private static long distinct(double[] x) {
    return Arrays.stream(x).map(value -> value + 0.0).distinct().count();
  }
}
