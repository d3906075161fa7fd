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
 * so that the bits do not depend on how many threads there are; where several processes train, each
 * has its share of the batches.
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
   * @param scale what the gradients are still to be multiplied by for those of that mean
   * @param tokens of all batches
   * @param stopping whether a process was asked to stop
   */
  record Result(double loss, double scale, long tokens, boolean stopping) {}

  /** What one batch gave; its tensors belong to nobody. */
  private record Part(
      List<? extends @Nullable Tensor> gradients,
      double loss,
      double weight,
      long tokens,
      Map<String, Tensor> statistics) {
    Part withoutGradients() {
      return new Part(List.of(), loss, weight, tokens, statistics);
    }
  }

  private final Objective<B> objective;
  private final TrainingOptions options;
  private final List<Tensor> parameters;
  private final Map<String, Tensor> buffers;
  private final List<String> names;

  /** Null where one batch makes an update: its gradients need no sum. */
  private final @Nullable GradientSum sum;

  private List<? extends @Nullable Tensor> lone = List.of();
  private final Workers workers;
  private final @Nullable GradientExchange exchange;

  /**
   * A pass for one run.
   *
   * @param statistics what batches keep, by the points at which they hand it on
   */
  GradientPass(
      Map<String, Tensor> parameters,
      Map<String, Tensor> statistics,
      Objective<B> objective,
      TrainingOptions options,
      Workers workers) {
    this.objective = objective;
    this.options = options;
    this.parameters = List.copyOf(parameters.values());
    this.buffers = statistics;
    this.names = List.copyOf(parameters.keySet());
    this.workers = workers;
    boolean single = workers.group() == null && options.batches() == 1;
    this.sum = single ? null : new GradientSum(parameters);
    this.exchange =
        workers.group() == null || sum == null
            ? null
            : new GradientExchange(workers.group(), sum, this.parameters);
  }

  /** The gradients by parameter, up to a {@linkplain Result#scale scale}; free them soon. */
  Map<String, Tensor> gradients() {
    if (sum != null) {
      return sum.sums();
    }
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (int i = 0; i < lone.size(); i++) {
      Tensor gradient = lone.get(i);
      if (gradient != null) {
        found.put(names.get(i), gradient);
      }
    }
    return found;
  }

  /** Forgets the gradients. */
  void clear() {
    if (sum != null) {
      sum.clear();
    }
    TensorScope.discard(lone);
    lone = List.of();
  }

  /**
   * Computes the gradients of an update, and lets statistics that batches keep (those of batch
   * norms) run on.
   *
   * @param update its number, from 0
   * @param sources its batches, of all processes
   * @param stopping whether this process was asked to stop
   * @throws DivergenceException if a loss is no number
   * @throws dev.heed.tensor.LostProcessException if another process is gone
   */
  Result run(long update, List<Source<B>> sources, boolean stopping) {
    clear();
    List<Integer> own = workers.share(sources.size());
    List<Part> done = new ArrayList<>();
    int together = Backend.threads();
    try {
      for (int from = 0; from < own.size(); from += together) {
        int to = Math.min(from + together, own.size());
        done.addAll(parts(update, sources, own.subList(from, to), to == own.size()));
      }
      Result result = total(done, stopping);
      assignMeans(done.stream().map(Part::statistics).toList(), sources.size());
      return result;
    } catch (RuntimeException | Error e) {
      if (exchange != null) {
        exchange.abandon();
      }
      throw e;
    } finally {
      TensorScope.discard(done);
    }
  }

  private Result total(List<Part> parts, boolean stopping) {
    double[] totals = new double[4 + parameters.size()];
    for (Part part : parts) {
      totals[0] += part.weight() * part.loss();
      totals[1] += part.weight();
      totals[2] += part.tokens();
    }
    totals[3] = stopping ? 1 : 0;
    if (exchange != null && sum != null) {
      for (int i = 0; i < parameters.size(); i++) {
        totals[4 + i] = sum.isReached(i) ? 1 : 0;
      }
      totals = workers.sum(totals);
      exchange.finish();
      for (int i = 0; i < parameters.size(); i++) {
        if (totals[4 + i] > 0) {
          sum.markReached(i);
        }
      }
    }
    double weight = totals[1];
    double loss = weight == 0 ? 0 : totals[0] / weight;
    double scale = sum == null || weight == 0 ? 1 : 1 / weight;
    return new Result(loss, scale, (long) totals[2], totals[3] > 0);
  }

  /** Some batches side by side; their gradients are summed when this returns. */
  private List<Part> parts(
      long update, List<Source<B>> sources, List<Integer> numbers, boolean last) {
    int count = numbers.size();
    @Nullable Part[] parts = new @Nullable Part[count];
    GradientExchange sending = last ? exchange : null;
    if (sending != null) {
      sending.begin(count);
    }
    try {
      SideBySide.runSteadily(
          count,
          i -> {
            int number = numbers.get(i);
            parts[i] = part(update, number, sources.get(number), sending, i);
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
      Part one = Objects.requireNonNull(part);
      if (sum == null) {
        lone = one.gradients();
      } else if (!one.gradients().isEmpty()) {
        sum.add(one.gradients(), one.weight());
        TensorScope.discard(one.gradients());
      }
      all.add(one.withoutGradients());
    }
    return all;
  }

  private Part part(
      long update, int index, Source<B> source, @Nullable GradientExchange sending, int place) {
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
      List<? extends @Nullable Tensor> gradients = List.of();
      if (sending != null) {
        sending.during(place, loss.weight(), () -> Gradients.reached(loss.loss(), parameters));
      } else if (loss.weight() > 0) {
        gradients = Gradients.reached(loss.loss(), parameters);
      }
      Map<String, Tensor> statistics = new LinkedHashMap<>();
      trace.values().forEach((name, tensor) -> statistics.put(name, tensor.detach()));
      Part part = new Part(gradients, value, loss.weight(), loss.tokens(), statistics);
      return TensorScope.release(part);
    }
  }

  /** A statistic becomes the mean of what the batches made of it, in all processes. */
  private void assignMeans(List<Map<String, Tensor>> statistics, int batches) {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> sums = new LinkedHashMap<>();
      statistics
          .getFirst()
          .keySet()
          .forEach(name -> {
            Tensor total = null;
            for (Map<String, Tensor> part : statistics) {
              Tensor own = Objects.requireNonNull(part.get(name), name);
              total = total == null ? own.copy() : total.addInPlace(own, 1);
            }
            sums.put(name, Objects.requireNonNull(total));
          });
      workers.sum(sums.values());
      sums.forEach((name, total) ->
          Objects.requireNonNull(buffers.get(name)).assign(total.mulInPlace(1.0 / batches)));
    }
  }

  @Override
  public void close() {
    if (exchange != null) {
      exchange.close();
    }
    clear();
    if (sum != null) {
      sum.close();
    }
  }
}
