package dev.heed.bench.mechanisms;

import dev.heed.mixer.catalogue.Growth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a cost grows with the length: the exponent s of {@code cost ≈ c · nˢ}, the slope of the line
 * through the logarithms that has the least square error.
 *
 * <p>It is fitted to the longer half of the lengths, three at least: at short ones what does not
 * depend on the length weighs more.
 *
 * @param slope s
 * @param points how many lengths it is fitted to
 */
record GrowthFit(double slope, int points) {
  private static final int FEWEST = 3;

  /**
   * A cost at one length.
   *
   * @param length n, from 1
   * @param cost above 0
   */
  record Point(int length, double cost) {}

  /** The fit, or null for fewer than two lengths. */
  static @Nullable GrowthFit of(List<Point> points) {
    List<Point> longest = longest(points);
    return longest.size() < 2
        ? null
        : new GrowthFit(
            slope(
                longest.stream().mapToDouble(point -> Math.log(point.length())).toArray(),
                longest.stream().mapToDouble(point -> Math.log(point.cost())).toArray()),
            longest.size());
  }

  /** What the published growth would give at the same lengths; its logarithms count. */
  static @Nullable GrowthFit published(Growth growth, List<Point> points) {
    return of(
        points.stream()
            .map(point -> new Point(point.length(), cost(growth, point.length())))
            .toList());
  }

  /** The published cost of a length, up to a factor. */
  static double cost(Growth growth, double n) {
    return switch (growth) {
      case QUADRATIC -> n * n;
      case N_ROOT_N -> n * Math.sqrt(n);
      case N_LOG_N -> n * Math.log(n);
      case LINEAR_TIMES_WINDOW, LINEAR -> n;
    };
  }

  private static List<Point> longest(List<Point> points) {
    int count = Math.min(points.size(), Math.max(FEWEST, (points.size() + 1) / 2));
    return points.subList(points.size() - count, points.size());
  }

  private static double slope(double[] x, double[] y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double products = 0;
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      products += (x[i] - meanX) * (y[i] - meanY);
      squares += (x[i] - meanX) * (x[i] - meanX);
    }
    return products / squares;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
