package dev.heed.train;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.checkpoint.StagedFolder;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.Share;
import dev.heed.train.optim.WeightAverage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run needs to go on: {@code weights.safetensors} (what is trained, and running
 * statistics), {@code optimizer.safetensors} or a file for each process that keeps a share of it,
 * {@code average.safetensors} if weights are averaged, and {@code training.json} (progress,
 * configuration, and a checksum of each file).
 *
 * <p>Where several processes train, the first one writes and reads, and hands on what is theirs:
 * all of them save and load at once.
 */
final class TrainingCheckpoint {
  static final String WEIGHTS = "weights.safetensors";
  private static final String AVERAGE = "average.safetensors";

  private final Map<String, Tensor> weights;
  private final Optimizer optimizer;
  private final @Nullable WeightAverage average;
  private final Map<String, String> configuration;
  private final Workers workers;

  TrainingCheckpoint(
      Map<String, Tensor> weights,
      Optimizer optimizer,
      @Nullable WeightAverage average,
      Map<String, String> configuration,
      Workers workers) {
    this.workers = workers;
    this.weights = weights;
    this.optimizer = optimizer;
    this.average = average;
    this.configuration = configuration;
  }

  /**
   * Writes a folder, which appears whole or not at all.
   *
   * @param folder of the first process; the others take none
   * @throws CheckpointException {@code IO} if there is no room, say
   */
  void save(@Nullable Path folder, Progress progress) {
    if (folder == null) {
      eachShare((file, part) -> workers.spread(part.state().values(), part.share().rank()));
      return;
    }
    try (StagedFolder staged = StagedFolder.beside(folder);
        TensorScope scope = TensorScope.open()) {
      List<String> files = new ArrayList<>();
      write(staged, WEIGHTS, weights, files);
      eachShare((file, part) -> {
        Map<String, Tensor> state = part.state();
        workers.spread(state.values(), part.share().rank());
        write(staged, file, state, files);
      });
      if (average != null) {
        write(staged, AVERAGE, average.state(), files);
      }
      TrainingRecord.write(staged.path(), progress, configuration, files);
      staged.commit();
    }
  }

  private static void write(
      StagedFolder staged, String name, Map<String, Tensor> tensors, List<String> files) {
    SafetensorsWriter.write(staged.path().resolve(name), tensors, Map.of("format", "pt"));
    files.add(name);
  }

  /** The optimiser's state share by share, of which only the own one is there already. */
  private void eachShare(BiConsumer<String, Optimizer> body) {
    Share own = optimizer.share();
    for (int rank = 0; rank < own.count(); rank++) {
      String file = SavedOptimizer.file(new Share(rank, own.count()));
      try (TensorScope scope = TensorScope.open()) {
        if (rank == own.rank()) {
          body.accept(file, optimizer);
        } else {
          try (Optimizer other = optimizer.other(new Share(rank, own.count()))) {
            body.accept(file, other);
          }
        }
      }
    }
  }

  /**
   * Puts everything back as it was, in all processes.
   *
   * @param folder of the first process, or null to begin with what it has
   * @param begun where it stands without a folder
   * @throws CheckpointException for a damaged file, or one of another configuration
   */
  Progress load(@Nullable Path folder, Progress begun) {
    TrainingRecord saved = folder == null ? null : requireSame(folder, TrainingRecord.read(folder));
    try (TensorScope scope = TensorScope.open();
        SavedOptimizer source =
            saved == null || folder == null ? null : SavedOptimizer.open(folder, saved.files())) {
      eachShare((file, part) -> {
        if (source != null) {
          source.restore(part);
        }
        spreadState(part.state(), part::restore);
      });
      if (source != null) {
        source.requireAllRead();
      }
      loadCommon(folder);
    }
    Progress progress = saved == null ? begun : saved.progress();
    return Progress.of(workers.ofFirst(progress.numbers()));
  }

  private void loadCommon(@Nullable Path folder) {
    if (average != null) {
      if (folder != null) {
        read(folder.resolve(AVERAGE), average::restore);
      }
      spreadState(average.state(), average::restore);
    }
    if (folder != null) {
      assign(folder, weights);
    }
    workers.spread(weights.values(), 0);
  }

  /** Counters are copies: they are put back by name; all else lies in its place. */
  private void spreadState(Map<String, Tensor> state, Consumer<WeightSource> restore) {
    if (workers.count() > 1) {
      workers.spread(state.values(), 0);
      restore.accept(WeightSource.of(state));
    }
  }

  private TrainingRecord requireSame(Path folder, TrainingRecord saved) {
    saved.configuration().forEach((key, value) -> requireSame(folder, key, value));
    for (String key : new TreeSet<>(configuration.keySet())) {
      requireSame(folder, key, saved.configuration().getOrDefault(key, "nothing"));
    }
    return saved;
  }

  /** What a checkpoint's weights are put into. */
  Map<String, Tensor> weights() {
    return weights;
  }

  private void requireSame(Path folder, String key, String saved) {
    String own = configuration.getOrDefault(key, "nothing");
    if (!own.equals(saved)) {
      throw new CheckpointException(
          Kind.VALUE,
          folder + ", " + key,
          own,
          Quoted.of(saved),
          "A run goes on as it began: keep its options, or train into another folder.");
    }
  }

  /** Overwrites parameters with a checkpoint's weights. */
  static void assign(Path folder, Map<String, Tensor> parameters) {
    read(
        folder.resolve(WEIGHTS),
        source -> {
          TreeSet<String> missing = new TreeSet<>(parameters.keySet());
          missing.removeAll(source.names());
          TreeSet<String> left = new TreeSet<>(source.names());
          left.removeAll(parameters.keySet());
          if (!missing.isEmpty() || !left.isEmpty()) {
            throw new CheckpointException(
                Kind.VALUE,
                folder.resolve(WEIGHTS).toString(),
                "the trained weights of this model",
                "none for " + missing + ", and others: " + left,
                "Resume with the model that the run was started with.");
          }
          Gradients.disabled(() -> {
            parameters.forEach((name, tensor) -> tensor.assign(source.read(name)));
            return parameters;
          });
        });
  }

  private static void read(Path file, Consumer<WeightSource> reader) {
    try (SafetensorsFile source = SafetensorsFile.open(file);
        TensorScope scope = TensorScope.open()) {
      reader.accept(Objects.requireNonNull(source));
    }
  }
}
