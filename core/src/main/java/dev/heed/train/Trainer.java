package dev.heed.train;

import dev.heed.nn.BatchNorm;
import dev.heed.nn.Module;
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
   */
  public Trainer(
      Module model,
      Optimizer optimizer,
      Objective<B> objective,
      Feed<B> feed,
      TrainingOptions options) {
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
   * @throws dev.heed.checkpoint.CheckpointException if a checkpoint cannot be written, or belongs
   *     to another run
   */
  public TrainingResult run() {
    CheckpointPolicy policy = checkpoints;
    try (CheckpointFolder folder = policy == null ? null : CheckpointFolder.open(policy.folder());
        GradientPass<B> pass =
            new GradientPass<>(optimizer.parameters(), statistics, objective, options)) {
      if (folder != null) {
        folder.newest().ifPresent(newest -> progress = checkpoint().load(newest));
      }
      listeners.forEach(listener -> listener.started(progress.updates, options.updates()));
      return run(pass, folder);
    }
  }

  private TrainingResult run(GradientPass<B> pass, @Nullable CheckpointFolder folder) {
    double loss = Double.NaN;
    Ending ending = patienceIsOver() ? Ending.NO_BETTER : Ending.COMPLETE;
    while (progress.updates < options.updates() && ending == Ending.COMPLETE) {
      loss = update(pass);
      if (stopping) {
        ending = Ending.STOPPED;
      }
      boolean last = progress.updates == options.updates();
      boolean scored = evaluateIfDue(last);
      if (patienceIsOver()) {
        ending = Ending.NO_BETTER;
      }
      saveIfDue(folder, last || scored || ending != Ending.COMPLETE);
    }
    Progress.Scored best = best();
    return new TrainingResult(
        progress.updates,
        loss,
        progress.tokens,
        best == null ? 0 : best.update(),
        best == null ? OptionalDouble.empty() : OptionalDouble.of(best.score()),
        ending);
  }

  private double update(GradientPass<B> pass) {
    long start = System.nanoTime();
    long number = progress.updates;
    DataPosition position = progress.position;
    List<GradientPass.Source<B>> sources = new ArrayList<>();
    for (int i = 0; i < options.batches(); i++) {
      sources.add(new GradientPass.Source<>(epochAt(position), position.epoch(), position.batch()));
      position = next(position);
    }
    GradientPass.Result result = pass.run(number, sources);
    Map<String, Tensor> gradients = pass.gradients();
    double scale = result.weight() == 0 ? 1 : 1 / result.weight();
    Clipping clipping = options.clip().measure(gradients.values(), scale);
    DivergenceGuard.check(number, options, progress, result.loss(), clipping, sources);
    optimizer.step(gradients, clipping, options.schedule());
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
    listeners.forEach(listener -> listener.updated(report));
    return result.loss();
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
        TensorScope.run(() ->
            averaged == null
                ? asked.score().getAsDouble()
                : averaged.during(() -> asked.score().getAsDouble()));
    if (Double.isNaN(score)) {
      throw new DivergenceException(
          progress.updates,
          "evaluation after update "
              + progress.updates
              + ": expected a "
              + asked.metric()
              + " that is a number, got NaN");
    }
    Progress.Scored before = best();
    boolean better = before == null || asked.isBetter(score, before.score());
    progress.scores.add(new Progress.Scored(progress.updates, score));
    TrainingListener.Score report =
        new TrainingListener.Score(progress.updates, asked.metric(), score, better);
    listeners.forEach(listener -> listener.evaluated(report));
    return true;
  }

  /** The first of the best scores. */
  private Progress.@Nullable Scored best() {
    List<Progress.Scored> ranked = ranked();
    return ranked.isEmpty() ? null : ranked.getFirst();
  }

  private List<Progress.Scored> ranked() {
    EvaluationPolicy policy = evaluation;
    return policy == null ? List.of() : policy.evaluation().ranked(progress.scores);
  }

  private boolean patienceIsOver() {
    EvaluationPolicy policy = evaluation;
    Progress.Scored best = best();
    if (policy == null || policy.patience() == 0 || best == null) {
      return false;
    }
    return progress.scores.size() - 1 - progress.scores.indexOf(best) >= policy.patience();
  }

  private void saveIfDue(@Nullable CheckpointFolder folder, boolean now) {
    CheckpointPolicy policy = checkpoints;
    if (folder == null || policy == null || !now && progress.updates % policy.every() != 0) {
      return;
    }
    Path target = folder.at(progress.updates);
    checkpoint().save(target, progress);
    List<Long> best = ranked().stream().limit(policy.best()).map(Progress.Scored::update).toList();
    folder.prune(policy.newest(), best);
    listeners.forEach(listener -> listener.saved(target));
  }

  private TrainingCheckpoint checkpoint() {
    Map<String, Tensor> weights = new LinkedHashMap<>(optimizer.parameters());
    weights.putAll(statistics);
    return new TrainingCheckpoint(
        weights,
        optimizer,
        average,
        RunConfiguration.of(options, optimizer, averaging, feed.epoch(0).size()));
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
        ranked().stream().map(Progress.Scored::update).filter(kept::contains).limit(count).toList();
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
