package dev.heed.evaluate;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Precision, recall and their harmonic mean, each 0 where its denominator is 0.
 *
 * @param precision what share of the predicted is right
 * @param recall what share of the right is predicted
 * @param f1 {@code 2PR / (P + R)}
 */
public record PrecisionRecall(double precision, double recall, double f1) {
  /** From counts: how many are right, were predicted, and should have been. */
  public static PrecisionRecall of(double right, double predicted, double actual) {
    double precision = ratio(right, predicted);
    double recall = ratio(right, actual);
    return new PrecisionRecall(
        precision, recall, ratio(2 * precision * recall, precision + recall));
  }

  /** The plain mean of each of the three; not a number over none. */
  public static PrecisionRecall mean(List<PrecisionRecall> values) {
    return new PrecisionRecall(
        mean(values, PrecisionRecall::precision),
        mean(values, PrecisionRecall::recall),
        mean(values, PrecisionRecall::f1));
  }

  /** The weighted mean of each of the three; 0 if all weights are. */
  static PrecisionRecall weighted(List<PrecisionRecall> values, double[] weights) {
    double precision = 0;
    double recall = 0;
    double f1 = 0;
    double total = 0;
    for (int i = 0; i < weights.length; i++) {
      precision += weights[i] * values.get(i).precision;
      recall += weights[i] * values.get(i).recall;
      f1 += weights[i] * values.get(i).f1;
      total += weights[i];
    }
    return new PrecisionRecall(ratio(precision, total), ratio(recall, total), ratio(f1, total));
  }

  private static double mean(List<PrecisionRecall> values, ToDoubleFunction<PrecisionRecall> part) {
    return values.stream().mapToDouble(part).average().orElse(Double.NaN);
  }

  /** 0 where the denominator is. */
  static double ratio(double numerator, double denominator) {
    return denominator == 0 ? 0 : numerator / denominator;
  }
}
