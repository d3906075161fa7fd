package dev.heed.task;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Probabilities from scores. */
final class Probabilities {
  private Probabilities() {}

  /** {@code exp(xᵢ) / Σ exp(xⱼ)}. */
  static double[] softmax(double... scores) {
    double most = Arrays.stream(scores).max().orElse(0);
    double[] shares = Arrays.stream(scores).map(score -> Math.exp(score - most)).toArray();
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  /** {@code 1 / (1 + exp(-x))}. */
  static double sigmoid(double score) {
    return 1 / (1 + Math.exp(-score));
  }

  /** Indices by falling value, of equal ones the first first. */
  static int[] order(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
