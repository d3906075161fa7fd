package dev.heed.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Whether system B is better than system A on the same items, from how much higher its value is
 * over the same samples (Koehn, Statistical Significance Tests for Machine Translation Evaluation,
 * EMNLP 2004).
 *
 * @param difference B's value minus A's over all items
 * @param resampled the same over each sample
 */
public record PairedComparison(double difference, double[] resampled) {
  /** Compares one value of both systems over the same samples. */
  public static PairedComparison of(
      CorpusMeasure first, CorpusMeasure second, String name, int[][] samples) {
    References.requireSame("items of two systems", first.items(), second.items());
    return new PairedComparison(
        second.value(name) - first.value(name),
        Arrays.stream(samples)
            .mapToDouble(sample -> second.value(name, sample) - first.value(name, sample))
            .toArray());
  }

  /** Where the difference lies. */
  public Bootstrap bootstrap() {
    return new Bootstrap(difference, resampled);
  }

  /** The share of samples in which B is higher. */
  public double wins() {
    return (double) Arrays.stream(resampled).filter(d -> d > 0).count() / resampled.length;
  }

  /** The share of samples in which B is not higher. */
  public double koehnP() {
    return 1 - wins();
  }

  /**
   * How probable so large a difference would be between equal systems: {@code (#(|d* - d| ≥ |d|) +
   * 1) / (N + 1)}.
   */
  public double centeredP() {
    long far =
        Arrays.stream(resampled)
            .filter(d -> Math.abs(d - difference) >= Math.abs(difference))
            .count();
    return (far + 1.0) / (resampled.length + 1);
  }

  /**
   * Approximate randomisation: how probable so large a difference of means would be if it did not
   * matter which system gave which score: {@code (#(|d*| ≥ |d|) + 1) / (N + 1)} (Riezler and
   * Maxwell, ACL 2005 workshop on evaluation measures).
   *
   * @param first the scores of A for each item
   * @param second the scores of B for each item
   * @param swaps {@code [N][items]}: whether the two scores of an item are exchanged
   */
  public static double randomizationP(double[] first, double[] second, boolean[][] swaps) {
    References.requireSame("items of two systems", first.length, second.length);
    double[] differences =
        IntStream.range(0, first.length).mapToDouble(i -> second[i] - first[i]).toArray();
    double observed = Math.abs(Arrays.stream(differences).sum());
    // Sums in another order differ in their last digits where they are equal in truth.
    double least = observed - 1e-12 * Arrays.stream(differences).map(Math::abs).sum();
    long far =
        Arrays.stream(swaps)
            .mapToDouble(swap ->
                IntStream.range(0, swap.length)
                    .mapToDouble(i -> swap[i] ? -differences[i] : differences[i])
                    .sum())
            .filter(sum -> Math.abs(sum) >= least)
            .count();
    return (far + 1.0) / (swaps.length + 1);
  }
}
