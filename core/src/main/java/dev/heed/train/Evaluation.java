package dev.heed.train;

import dev.heed.nn.Trace;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.TensorScope;
import dev.heed.train.data.Feed;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * A score of the model as it is now.
 *
 * @param metric its name
 * @param higherIsBetter or lower
 * @param score computes it, without changing anything
 */
public record Evaluation(String metric, boolean higherIsBetter, DoubleSupplier score) {
  /** The mean loss over the first epoch of a feed, without dropout. */
  public static <B> Evaluation loss(Objective<B> objective, Feed<B> feed) {
    return new Evaluation("loss", false, () -> meanLoss(objective, feed.epoch(0)));
  }

  private static <B> double meanLoss(Objective<B> objective, Feed.Epoch<B> epoch) {
    double[] sums = new double[epoch.size()];
    double[] weights = new double[epoch.size()];
    SideBySide.runSteadily(
        epoch.size(),
        batch -> {
          try (TensorScope scope = TensorScope.open()) {
            Gradients.disabled(() -> {
              BatchLoss loss = objective.of(epoch.load(batch), Trace.NONE);
              weights[batch] = loss.weight();
              sums[batch] = loss.weight() == 0 ? 0 : loss.weight() * loss.loss().item();
              return batch;
            });
          }
        });
    double sum = 0;
    double weight = 0;
    for (int batch = 0; batch < sums.length; batch++) {
      sum += sums[batch];
      weight += weights[batch];
    }
    return sum / weight;
  }

  /** Whether one score is better than another. */
  boolean isBetter(double score, double than) {
    return higherIsBetter ? score > than : score < than;
  }

  /** Scores from the best to the worst; of equal ones the earlier first. */
  List<Progress.Scored> ranked(List<Progress.Scored> scores) {
    Comparator<Progress.Scored> ascending = Comparator.comparingDouble(Progress.Scored::score);
    return scores.stream().sorted(higherIsBetter ? ascending.reversed() : ascending).toList();
  }
}
