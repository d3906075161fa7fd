package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well scores tell positive items from negative ones, whatever the threshold.
 *
 * @param positive whether each item is positive
 * @param scores the higher, the more positive
 */
public record BinaryScores(boolean[] positive, double[] scores) {
  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException if they differ, or a score is not a number
   */
  public BinaryScores {
    References.requireSame("scores", positive.length, scores.length);
    if (IntStream.range(0, scores.length).anyMatch(i -> Double.isNaN(scores[i]))) {
      throw new IllegalArgumentException("scores: expected numbers, got one that is not a number");
    }
  }

  /** How many items of each kind have at least some score. */
  private record Step(double truePositives, double falsePositives) {}

  /**
   * The area under the ROC curve: how probable it is that a positive item scores above a negative
   * one, equal scores counting one half; not a number without items of both kinds.
   */
  public double rocAuc() {
    double area = 0;
    Step last = new Step(0, 0);
    for (Step step : steps()) {
      area +=
          (step.falsePositives - last.falsePositives)
              * (step.truePositives + last.truePositives)
              / 2;
      last = step;
    }
    return area / (last.truePositives * last.falsePositives);
  }

  /**
   * Average precision {@code Σ (R_n - R_{n-1}) P_n} over the distinct scores, falling; not a number
   * without positive items.
   */
  public double averagePrecision() {
    double sum = 0;
    double last = 0;
    for (Step step : steps()) {
      sum +=
          (step.truePositives - last)
              * step.truePositives
              / (step.truePositives + step.falsePositives);
      last = step.truePositives;
    }
    return sum / last;
  }

  /** Brier's score: the mean of {@code (score - 1 if positive else 0)²}. */
  public double brier() {
    return mean(i -> {
      double off = scores[i] - (positive[i] ? 1 : 0);
      return off * off;
    });
  }

  /**
   * The mean of {@code -ln} of the probability given to what the item is.
   *
   * @param low scores below it count as this
   * @param high scores above it count as this
   */
  public double logLoss(double low, double high) {
    return mean(i -> {
      double probability = Math.clamp(scores[i], low, high);
      return -Math.log(positive[i] ? probability : 1 - probability);
    });
  }

  /** The measures {@code roc_auc}, {@code average_precision} and {@code brier}. */
  public CorpusMeasure measure() {
    return new CorpusMeasure() {
      @Override
      public int items() {
        return scores.length;
      }

      @Override
      public SequencedMap<String, Double> over(int[] selection) {
        boolean[] some = new boolean[selection.length];
        IntStream.range(0, some.length).forEach(i -> some[i] = positive[selection[i]]);
        BinaryScores selected =
            new BinaryScores(some, IntStream.of(selection).mapToDouble(i -> scores[i]).toArray());
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        values.put("roc_auc", selected.rocAuc());
        values.put("average_precision", selected.averagePrecision());
        values.put("brier", selected.brier());
        return values;
      }
    };
  }

  private List<Step> steps() {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    List<Step> steps = new ArrayList<>();
    double truePositives = 0;
    double falsePositives = 0;
    for (int i = 0; i < order.length; i++) {
      truePositives += positive[order[i]] ? 1 : 0;
      falsePositives += positive[order[i]] ? 0 : 1;
      if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
        steps.add(new Step(truePositives, falsePositives));
      }
    }
    return steps;
  }

  private double mean(IntToDoubleFunction ofItem) {
    return IntStream.range(0, scores.length).mapToDouble(ofItem).average().orElse(Double.NaN);
  }
}
