package dev.heed.train;

import dev.heed.nn.Module;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.data.Feed;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import dev.heed.train.schedule.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The learning-rate range test (Smith 2017, section 3.3): the rate rises by the same factor in each
 * update, and the loss tells which rates learn.
 *
 * @param low the first rate, above 0
 * @param high the last one, above {@code low}
 * @param updates how many there are at most, from 2
 */
public record LearningRateFinder(double low, double high, int updates) {
  private static final double SMOOTHING = 0.8;
  private static final double DIVERGED = 4;

  /** Checks the ranges. */
  public LearningRateFinder {
    if (!(low > 0 && high > low && Double.isFinite(high)) || updates < 2) {
      throw new IllegalArgumentException(
          "learning-rate finder: expected 0 < low < high and 2 or more updates, got "
              + low
              + ", "
              + high
              + " and "
              + updates);
    }
  }

  /** From 1e-6 to 1 in a hundred updates. */
  public LearningRateFinder() {
    this(1e-6, 1, 100);
  }

  /**
   * What one rate did.
   *
   * @param rate of the update
   * @param loss before it, smoothed over those before
   */
  public record Point(double rate, double loss) {}

  /**
   * What was found.
   *
   * @param curve by rising rate, until the loss is four times the least one or no number
   * @param suggestion the rate at which the loss falls steepest against the rate's logarithm
   */
  public record Result(List<Point> curve, double suggestion) {}

  /** Rates that rise by one factor; groups keep their shares. */
  private record Rising(double low, double high, int updates, double top) implements Schedule {
    @Override
    public double rate(double base, long step) {
      return base / top * low * Math.pow(high / low, (double) step / (updates - 1));
    }
  }

  /**
   * Trains, and puts all parameters back as they were.
   *
   * @param model that is trained
   * @param groups what learns; the highest rate among them becomes the one that rises
   * @param objective the loss
   * @param feed batches
   * @param options how; length, schedule and bound on the loss are this finder's
   * @throws DivergenceException if the loss is no number at the lowest rate already
   */
  public <B> Result find(
      Module model,
      List<ParameterGroup> groups,
      Objective<B> objective,
      Feed<B> feed,
      TrainingOptions options) {
    double top = groups.stream().mapToDouble(ParameterGroup::rate).max().orElse(0);
    if (!(top > 0)) {
      throw new IllegalArgumentException(
          "learning-rate finder: expected a group with a rate above 0, got none");
    }
    Curve curve = new Curve();
    TrainingOptions how =
        new TrainingOptions(
            updates,
            options.batches(),
            options.seed(),
            new Rising(low, high, updates, top),
            options.clip(),
            options.checkpointing(),
            Double.POSITIVE_INFINITY);
    try (TensorScope scope = TensorScope.open();
        Optimizer optimizer = new Optimizer(groups)) {
      Map<String, Tensor> all = new LinkedHashMap<>(model.parameters());
      all.putAll(optimizer.parameters());
      Map<String, Tensor> before = new LinkedHashMap<>();
      all.forEach((name, tensor) -> before.put(name, tensor.detach().copy()));
      try (Trainer<B> trainer = new Trainer<>(model, optimizer, objective, feed, how)) {
        curve.trainer = trainer;
        trainer.listen(curve);
        trainer.run();
      } catch (DivergenceException e) {
        if (curve.points.isEmpty()) {
          throw e;
        }
      } finally {
        Gradients.disabled(() -> {
          all.forEach(
              (name, tensor) -> tensor.assign(Objects.requireNonNull(before.get(name), name)));
          return all;
        });
      }
    }
    return new Result(List.copyOf(curve.points), steepest(curve.points));
  }

  /** Listens to the losses, and ends the run when they grow. */
  private static final class Curve implements TrainingListener {
    final List<Point> points = new ArrayList<>();
    private @org.jspecify.annotations.Nullable Trainer<?> trainer;
    private double smoothed;
    private double least = Double.POSITIVE_INFINITY;

    @Override
    public void updated(Update update) {
      smoothed =
          points.isEmpty() ? update.loss() : SMOOTHING * smoothed + (1 - SMOOTHING) * update.loss();
      points.add(new Point(update.rate(), smoothed));
      least = Math.min(least, smoothed);
      if (trainer != null && smoothed > DIVERGED * least) {
        trainer.stop();
      }
    }
  }

  /** By central differences; the rates' logarithms have one distance. */
  private static double steepest(List<Point> curve) {
    int best = 0;
    double slope = Double.POSITIVE_INFINITY;
    for (int i = 1; i < curve.size() - 1; i++) {
      double here = curve.get(i + 1).loss() - curve.get(i - 1).loss();
      if (here < slope) {
        slope = here;
        best = i;
      }
    }
    return curve.get(best).rate();
  }
}
