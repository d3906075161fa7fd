package dev.heed.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How sure a value is, from its values over samples drawn from the items with replacement (Efron
 * and Tibshirani, An Introduction to the Bootstrap, 1993).
 *
 * <p>Samples in which the value is not a number are left out.
 *
 * @param value over all items
 * @param resampled over each sample, rising
 */
public record Bootstrap(double value, double[] resampled) {
  /** From low to high. */
  public record Interval(double low, double high) {}

  /** Sorts the values. */
  public Bootstrap {
    resampled = Arrays.stream(resampled).filter(v -> !Double.isNaN(v)).sorted().toArray();
  }

  /**
   * Samples of as many items as there are.
   *
   * @return {@code [samples][items]} indices; the same for the same seed
   */
  public static int[][] samples(int items, int samples, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] drawn = new int[samples][items];
    for (int[] sample : drawn) {
      for (int i = 0; i < items; i++) {
        sample[i] = random.nextInt(items);
      }
    }
    return drawn;
  }

  /** Computes one value over all items and over each sample. */
  public static Bootstrap of(int items, int[][] samples, ToDoubleFunction<int[]> value) {
    return new Bootstrap(
        value.applyAsDouble(IntStream.range(0, items).toArray()),
        Arrays.stream(samples).mapToDouble(value).toArray());
  }

  /** Computes all values of a measure over all items and over each sample. */
  public static SequencedMap<String, Bootstrap> of(CorpusMeasure measure, int[][] samples) {
    SequencedMap<String, Double> overall = measure.overall();
    double[][] resampled = new double[overall.size()][samples.length];
    for (int s = 0; s < samples.length; s++) {
      int v = 0;
      for (double value : measure.over(samples[s]).values()) {
        resampled[v++][s] = value;
      }
    }
    SequencedMap<String, Bootstrap> results = new LinkedHashMap<>();
    overall.forEach(
        (name, value) -> results.put(name, new Bootstrap(value, resampled[results.size()])));
    return results;
  }

  /**
   * Between the percentiles that leave out as much on either side.
   *
   * @param confidence for example 0.95
   */
  public Interval percentile(double confidence) {
    return new Interval(
        quantile((1 - requireShare(confidence)) / 2), quantile((1 + confidence) / 2));
  }

  /** The percentiles mirrored at the value: {@code 2·value - percentile}. */
  public Interval basic(double confidence) {
    Interval percentile = percentile(confidence);
    return new Interval(2 * value - percentile.high, 2 * value - percentile.low);
  }

  /**
   * Bias-corrected and accelerated: percentiles moved by how often samples fall below the value and
   * by how its spread changes (Efron, Better Bootstrap Confidence Intervals, JASA 1987).
   *
   * @param leftOut the value without each of the items
   */
  public Interval accelerated(double confidence, double[] leftOut) {
    requireShare(confidence);
    double acceleration = acceleration(leftOut);
    double bias = bias();
    return new Interval(
        quantile(moved(bias, acceleration, (1 - confidence) / 2)),
        quantile(moved(bias, acceleration, (1 + confidence) / 2)));
  }

  /** z₀: the normal quantile of the share of samples below the value. */
  public double bias() {
    double below = Arrays.stream(resampled).filter(v -> v < value).count();
    return NormalDistribution.quantile(below / resampled.length);
  }

  /**
   * The acceleration {@code Σ d³ / (6 (Σ d²)^1.5)}, d the mean of the values without one item minus
   * each of them.
   */
  public static double acceleration(double[] leftOut) {
    double mean = Arrays.stream(leftOut).average().orElse(Double.NaN);
    double squares = 0;
    double cubes = 0;
    for (double one : leftOut) {
      double off = mean - one;
      squares += off * off;
      cubes += off * off * off;
    }
    return PrecisionRecall.ratio(cubes, 6 * Math.pow(squares, 1.5));
  }

  /** The standard deviation of the resampled values, with n - 1. */
  public double standardError() {
    double mean = Arrays.stream(resampled).average().orElse(Double.NaN);
    double squares = Arrays.stream(resampled).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (resampled.length - 1));
  }

  private static double moved(double bias, double acceleration, double share) {
    double z = bias + NormalDistribution.quantile(share);
    return NormalDistribution.below(bias + z / (1 - acceleration * z));
  }

  /** Between order statistics, linearly, at place {@code (n - 1) q}. */
  private double quantile(double q) {
    if (resampled.length == 0) {
      return Double.NaN;
    }
    double place = (resampled.length - 1) * q;
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, resampled.length - 1);
    return resampled[below] + (place - below) * (resampled[above] - resampled[below]);
  }

  private static double requireShare(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence: expected between 0 and 1, got " + confidence + "; 0.95 is usual");
    }
    return confidence;
  }
}
