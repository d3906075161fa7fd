package dev.heed.train;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.nn.BatchNorm;
import dev.heed.nn.Module;
import dev.heed.tensor.Backend;
import dev.heed.tensor.LostProcessException;
import dev.heed.tensor.ProcessGroup;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.TrainingResult.Ending;
import dev.heed.train.data.DataPosition;
import dev.heed.train.data.Feed;
import dev.heed.train.optim.Averaging;
import dev.heed.train.optim.Clipping;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.WeightAverage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model: batches from a feed, an objective's gradients, an optimiser's steps; evaluates,
 * averages, saves and reports on the way.
 *
 * <p>A run follows from its options, feed and seed alone: the same on one thread and on many, to
 * the bit, and the same when it is killed and run again from its checkpoints.
 *
 * {@snippet :
 * try (Optimizer optimizer =
 *         new Optimizer(ParameterGroup.all(model.trainable(), new AdamW(0.1), 3e-4));
 *     Trainer<Batch> trainer = new Trainer<>(model, optimizer, objective, feed, options)) {
 *   trainer.evaluate(new EvaluationPolicy(Evaluation.loss(objective, held), 100, 5));
 *   trainer.save(CheckpointPolicy.of(Path.of("run"), 100));
 *   trainer.listen(new ProgressBar(System.err));
 *   TrainingResult result = trainer.run();
 * }
 * }
 *
 * @param <B> a batch
 */
public final class Trainer<B> implements AutoCloseable {
  private final Optimizer optimizer;
  private final Objective<B> objective;
  private final Feed<B> feed;
  private final TrainingOptions options;
  private final Map<String, Tensor> statistics = new LinkedHashMap<>();
  private final List<TrainingListener> listeners = new ArrayList<>();
  private @Nullable Averaging averaging;
  private @Nullable WeightAverage average;
  private @Nullable EvaluationPolicy evaluation;
  private @Nullable CheckpointPolicy checkpoints;
  private Workers workers = Workers.ALONE;
  private Progress progress = new Progress();
  private Feed.@Nullable Epoch<B> epoch;
  private volatile boolean stopping;

  /**
   * Prepares a run. The optimiser's parameters will require gradients, and no others of the model.
   *
   * @param model its parameters stay the caller's
   * @param optimizer of the parameters that are trained; stays the caller's
   * @param objective the loss of a batch
   * @param feed where batches come from
   * @throws dev.heed.tensor.TensorException if the engine of this process records no gradients
   */
  public Trainer(
      Module model,
      Optimizer optimizer,
      Objective<B> objective,
      Feed<B> feed,
      TrainingOptions options) {
    Backend.requireGradients("training");
    this.optimizer = optimizer;
    this.objective = objective;
    this.feed = feed;
    this.options = options;
    model.requiresGrad(false);
    optimizer.parameters().values().forEach(tensor -> tensor.requiresGrad(true));
    Map<String, Tensor> all = model.parameters();
    for (BatchNorm norm : model.modules(BatchNorm.class)) {
      for (String name : norm.statistics()) {
        statistics.put(name, Objects.requireNonNull(all.get(name), name));
      }
    }
  }

  /** Averages the trained weights too; {@link #average} has them after the run. */
  public Trainer<B> average(Averaging rule) {
    averaging = rule;
    average = new WeightAverage(rule, optimizer.parameters());
    return this;
  }

  /** Evaluates on the way. */
  public Trainer<B> evaluate(EvaluationPolicy policy) {
    evaluation = policy;
    return this;
  }

  /** Saves on the way, and goes on from what is saved already. */
  public Trainer<B> save(CheckpointPolicy policy) {
    checkpoints = policy;
    return this;
  }

  /**
   * Trains together with other processes, which have made the same trainer: each computes its share
   * of an update's batches. The first one alone scores, saves and reports.
   *
   * @param group joined already; stays the caller's
   */
  public Trainer<B> together(ProcessGroup group) {
    workers = new Workers(group);
    workers.requireEnough(options.batches());
    return this;
  }

  /** Tells a listener, which is closed with this trainer. */
  public Trainer<B> listen(TrainingListener listener) {
    listeners.add(listener);
    return this;
  }

  /** The averaged weights, or null without averaging; freed with this trainer. */
  public @Nullable WeightAverage average() {
    return average;
  }

  /** Lets the run end after the update that is being made; any thread may call it. */
  public void stop() {
    stopping = true;
  }

  /**
   * Trains to the end.
   *
   * @throws DivergenceException if a loss or gradient is no number, or the loss grows without end
   * @throws LostWorkerException if another process is gone; the run is saved then, if it can be
   * @throws dev.heed.checkpoint.CheckpointException if a checkpoint cannot be written, or belongs
   *     to another run
   */
  public TrainingResult run() {
    CheckpointPolicy policy = checkpoints;
    boolean saves = policy != null && workers.isFirst();
    try (CheckpointFolder folder =
            saves ? CheckpointFolder.open(Objects.requireNonNull(policy).folder()) : null;
        GradientPass<B> pass =
            new GradientPass<>(optimizer.parameters(), statistics, objective, options, workers)) {
      Path newest = folder == null ? null : folder.newest().orElse(null);
      progress = checkpoint().load(newest, progress);
      if (workers.isFirst()) {
        listeners.forEach(listener -> listener.started(progress.updates, options.updates()));
      }
      return run(pass, folder);
    } catch (LostProcessException e) {
      throw lost(e);
    } catch (RuntimeException | Error e) {
      workers.fail(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private TrainingResult run(GradientPass<B> pass, @Nullable CheckpointFolder folder) {
    double loss = Double.NaN;
    Ending ending = ranking().patienceIsOver() ? Ending.NO_BETTER : Ending.COMPLETE;
    while (progress.updates < options.updates() && ending == Ending.COMPLETE) {
      GradientPass.Result result = update(pass);
      loss = result.loss();
      if (result.stopping()) {
        ending = Ending.STOPPED;
      }
      boolean last = progress.updates == options.updates();
      boolean scored = evaluateIfDue(last);
      if (ranking().patienceIsOver()) {
        ending = Ending.NO_BETTER;
      }
      saveIfDue(folder, last || scored || ending != Ending.COMPLETE);
    }
    Optional<Progress.Scored> best = ranking().best();
    return new TrainingResult(
        progress.updates,
        loss,
        progress.tokens,
        best.map(Progress.Scored::update).orElse(0L),
        best.map(one -> OptionalDouble.of(one.score())).orElse(OptionalDouble.empty()),
        ending);
  }

  private GradientPass.Result update(GradientPass<B> pass) {
    long start = System.nanoTime();
    long number = progress.updates;
    DataPosition position = progress.position;
    List<GradientPass.Source<B>> sources = new ArrayList<>();
    for (int i = 0; i < options.batches(); i++) {
      sources.add(new GradientPass.Source<>(epochAt(position), position.epoch(), position.batch()));
      position = next(position);
    }
    GradientPass.Result result = pass.run(number, sources, stopping);
    Map<String, Tensor> gradients = pass.gradients();
    Clipping clipping = options.clip().measure(gradients.values(), result.scale());
    DivergenceGuard.check(number, options, progress, result.loss(), clipping, sources);
    optimizer.step(gradients, clipping, options.schedule());
    pass.clear();
    for (int rank = 0; optimizer.share().count() > 1 && rank < workers.count(); rank++) {
      workers.spread(optimizer.owned(rank), rank);
    }
    if (average != null) {
      average.update();
    }
    progress.updates++;
    progress.position = position;
    progress.tokens += result.tokens();
    TrainingListener.Update report =
        new TrainingListener.Update(
            progress.updates,
            options.updates(),
            position.epoch(),
            result.loss(),
            clipping.norm(),
            clipping.active(),
            options.schedule().rate(optimizer.groups().getFirst().rate(), number),
            result.tokens(),
            (System.nanoTime() - start) / 1e9);
    if (workers.isFirst()) {
      listeners.forEach(listener -> listener.updated(report));
    }
    return result;
  }

  private Feed.Epoch<B> epochAt(DataPosition position) {
    Feed.Epoch<B> known = epoch;
    if (known == null || position.batch() == 0) {
      known = feed.epoch(position.epoch());
      epoch = known;
    }
    return known;
  }

  private DataPosition next(DataPosition position) {
    return position.batch() + 1 < epochAt(position).size()
        ? new DataPosition(position.epoch(), position.batch() + 1)
        : new DataPosition(position.epoch() + 1, 0);
  }

  private boolean evaluateIfDue(boolean last) {
    EvaluationPolicy policy = evaluation;
    if (policy == null || !last && progress.updates % policy.every() != 0) {
      return false;
    }
    Evaluation asked = policy.evaluation();
    WeightAverage averaged = average;
    double score =
        workers.ofFirst(() ->
            TensorScope.run(() ->
                averaged == null
                    ? asked.score().getAsDouble()
                    : averaged.during(() -> asked.score().getAsDouble())));
    if (Double.isNaN(score)) {
      throw new DivergenceException(
          progress.updates,
          "evaluation after update "
              + progress.updates
              + ": expected a "
              + asked.metric()
              + " that is a number, got NaN");
    }
    boolean better = ranking().wouldLead(score);
    progress.scores.add(new Progress.Scored(progress.updates, score));
    TrainingListener.Score report =
        new TrainingListener.Score(progress.updates, asked.metric(), score, better);
    if (workers.isFirst()) {
      listeners.forEach(listener -> listener.evaluated(report));
    }
    return true;
  }

  private Ranking ranking() {
    return new Ranking(evaluation, progress);
  }

  private void saveIfDue(@Nullable CheckpointFolder folder, boolean now) {
    CheckpointPolicy policy = checkpoints;
    if (policy == null || !now && progress.updates % policy.every() != 0) {
      return;
    }
    if (folder == null) {
      checkpoint().save(null, progress);
      return;
    }
    Path target = folder.at(progress.updates);
    checkpoint().save(target, progress);
    List<Long> best =
        ranking().all().stream().limit(policy.best()).map(Progress.Scored::update).toList();
    folder.prune(policy.newest(), best);
    listeners.forEach(listener -> listener.saved(target));
  }

  /** Saves what is whole here, unless another process that is left does. */
  private LostWorkerException lost(LostProcessException cause) {
    CheckpointPolicy policy = checkpoints;
    String saved = "nothing is saved";
    if (policy != null) {
      saved = "go on from the newest checkpoint in " + policy.folder();
      boolean whole = optimizer.share().count() == 1 && !isScoreMissing();
      try (CheckpointFolder folder = CheckpointFolder.open(policy.folder())) {
        Path target = folder.at(progress.updates);
        if (whole && !folder.newest().equals(Optional.of(target))) {
          checkpoint(Workers.ALONE).save(target, progress);
        }
      } catch (CheckpointException e) {
        cause.addSuppressed(e);
      }
    }
    return new LostWorkerException(
        "update "
            + progress.updates
            + ": expected "
            + workers.count()
            + " processes, lost one; "
            + saved
            + " by starting all of them again ("
            + cause.getMessage()
            + ")",
        cause);
  }

  /** Whether the last update's score was not heard of any more. */
  private boolean isScoreMissing() {
    EvaluationPolicy policy = evaluation;
    return policy != null
        && progress.updates > 0
        && progress.updates % policy.every() == 0
        && progress.scores.stream().noneMatch(one -> one.update() == progress.updates);
  }

  private TrainingCheckpoint checkpoint() {
    return checkpoint(workers);
  }

  private TrainingCheckpoint checkpoint(Workers among) {
    Map<String, Tensor> weights = new LinkedHashMap<>(optimizer.parameters());
    weights.putAll(statistics);
    return new TrainingCheckpoint(
        weights,
        optimizer,
        average,
        RunConfiguration.of(options, optimizer, averaging, feed.epoch(0).size()),
        among);
  }

  /**
   * Gives the trained parameters the mean of what they were at the best scores (checkpoint
   * averaging), as far as their checkpoints were kept.
   *
   * @param count of the best checkpoints at most, from 1
   * @return after how many updates those were; none without scores or checkpoints
   */
  public List<Long> useBest(int count) {
    CheckpointPolicy policy = checkpoints;
    if (policy == null) {
      return List.of();
    }
    List<Long> kept = CheckpointFolder.updates(policy.folder());
    List<Long> best =
        ranking().all().stream()
            .map(Progress.Scored::update)
            .filter(kept::contains)
            .limit(count)
            .toList();
    if (!best.isEmpty()) {
      CheckpointMean.assign(
          best.stream().map(update -> CheckpointFolder.at(policy.folder(), update)).toList(),
          checkpoint().weights());
    }
    return best;
  }

  /** Frees the averages and closes the listeners. */
  @Override
  public void close() {
    if (average != null) {
      average.close();
    }
    listeners.forEach(TrainingListener::close);
  }
}
