package dev.heed.train;

import dev.heed.nn.Trace;
import dev.heed.tensor.Backend;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.SideBySide;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.data.Feed;
import dev.heed.train.data.Seeds;
import dev.heed.train.optim.GradientSum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The gradients of one update: its batches side by side, each on one thread, summed in their order,
 * so that the bits do not depend on how many threads there are.
 *
 * @param <B> a batch
 */
final class GradientPass<B> implements AutoCloseable {
  /** A batch of an epoch. */
  record Source<B>(Feed.Epoch<B> epoch, long number, int batch) {
    String describe() {
      return "epoch " + number + ", batch " + batch + ", " + epoch.describe(batch);
    }
  }

  /**
   * What the batches of an update gave together.
   *
   * @param loss the mean over what counted
   * @param weight of all batches
   * @param tokens of all batches
   */
  record Result(double loss, double weight, long tokens) {}

  /** What one batch gave; its tensors belong to nobody. */
  private record Part(
      List<? extends @Nullable Tensor> gradients,
      double loss,
      double weight,
      long tokens,
      Map<String, Tensor> statistics) {}

  private final Objective<B> objective;
  private final TrainingOptions options;
  private final List<Tensor> parameters;
  private final Map<String, Tensor> buffers;
  private final GradientSum sum;

  /**
   * A pass for one run.
   *
   * @param statistics what batches keep, by the points at which they hand it on
   */
  GradientPass(
      Map<String, Tensor> parameters,
      Map<String, Tensor> statistics,
      Objective<B> objective,
      TrainingOptions options) {
    this.objective = objective;
    this.options = options;
    this.parameters = List.copyOf(parameters.values());
    this.buffers = statistics;
    this.sum = new GradientSum(parameters);
  }

  /** The sums of weight times gradient, by parameter. */
  Map<String, Tensor> gradients() {
    return sum.sums();
  }

  /**
   * Computes the gradients of an update, and lets statistics that batches keep (those of batch
   * norms) run on.
   *
   * @param update its number, from 0
   * @throws DivergenceException if a loss is no number
   */
  Result run(long update, List<Source<B>> sources) {
    sum.clear();
    double loss = 0;
    double weight = 0;
    long tokens = 0;
    List<Map<String, Tensor>> statistics = new ArrayList<>();
    int together = Backend.threads();
    try {
      for (int from = 0; from < sources.size(); from += together) {
        int count = Math.min(together, sources.size() - from);
        for (Part part : parts(update, sources, from, count)) {
          statistics.add(part.statistics());
          if (part.weight() > 0) {
            sum.add(part.gradients(), part.weight());
          }
          TensorScope.discard(part.gradients());
          loss += part.weight() * part.loss();
          weight += part.weight();
          tokens += part.tokens();
        }
      }
      assignMeans(statistics);
    } finally {
      TensorScope.discard(statistics);
    }
    return new Result(weight == 0 ? 0 : loss / weight, weight, tokens);
  }

  private List<Part> parts(long update, List<Source<B>> sources, int from, int count) {
    @Nullable Part[] parts = new @Nullable Part[count];
    try {
      SideBySide.runSteadily(
          count,
          i -> {
            parts[i] = part(update, from + i, sources.get(from + i));
          });
    } catch (RuntimeException | Error e) {
      for (Part part : parts) {
        if (part != null) {
          TensorScope.discard(part);
        }
      }
      throw e;
    }
    List<Part> all = new ArrayList<>();
    for (Part part : parts) {
      all.add(Objects.requireNonNull(part));
    }
    return all;
  }

  private Part part(long update, int index, Source<B> source) {
    try (TensorScope scope = TensorScope.open();
        Generator dropout = new Generator(Seeds.mix(options.seed(), update, index));
        Trace trace = Trace.training(dropout, buffers::containsKey)) {
      if (options.checkpointing()) {
        trace.checkpointing();
      }
      BatchLoss loss = objective.of(source.epoch().load(source.batch()), trace);
      double value = loss.weight() == 0 ? 0 : loss.loss().item();
      if (!Double.isFinite(value)) {
        throw new DivergenceException(
            update,
            "update "
                + update
                + ": expected a loss that is a number, got "
                + value
                + " for "
                + source.describe()
                + "; lower the learning rate, clip the gradients, or look at that batch");
      }
      List<? extends @Nullable Tensor> gradients =
          loss.weight() == 0 ? List.of() : Gradients.reached(loss.loss(), parameters);
      Map<String, Tensor> statistics = new LinkedHashMap<>();
      trace.values().forEach((name, tensor) -> statistics.put(name, tensor.detach()));
      Part part = new Part(gradients, value, loss.weight(), loss.tokens(), statistics);
      return TensorScope.release(part);
    }
  }

  /** A statistic becomes the mean of what the batches made of it. */
  private void assignMeans(List<Map<String, Tensor>> statistics) {
    try (TensorScope scope = TensorScope.open()) {
      statistics
          .getFirst()
          .keySet()
          .forEach(name -> {
            Tensor mean = null;
            for (Map<String, Tensor> part : statistics) {
              Tensor own = Objects.requireNonNull(part.get(name), name);
              mean = mean == null ? own.copy() : mean.addInPlace(own, 1);
            }
            Objects.requireNonNull(buffers.get(name))
                .assign(Objects.requireNonNull(mean).mulInPlace(1.0 / statistics.size()));
          });
    }
  }

  @Override
  public void close() {
    sum.close();
  }
}
