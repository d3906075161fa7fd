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
import dev.heed.train.optim.WeightAverage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a run needs to go on: {@code weights.safetensors} (what is trained, and running
 * statistics), {@code optimizer.safetensors}, {@code average.safetensors} if weights are averaged,
 * and {@code training.json} (progress, configuration, and a checksum of each file).
 */
final class TrainingCheckpoint {
  static final String WEIGHTS = "weights.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String AVERAGE = "average.safetensors";

  private final Map<String, Tensor> weights;
  private final Optimizer optimizer;
  private final @Nullable WeightAverage average;
  private final Map<String, String> configuration;

  TrainingCheckpoint(
      Map<String, Tensor> weights,
      Optimizer optimizer,
      @Nullable WeightAverage average,
      Map<String, String> configuration) {
    this.weights = weights;
    this.optimizer = optimizer;
    this.average = average;
    this.configuration = configuration;
  }

  /**
   * Writes a folder, which appears whole or not at all.
   *
   * @throws CheckpointException {@code IO} if there is no room, say
   */
  void save(Path folder, Progress progress) {
    try (StagedFolder staged = StagedFolder.beside(folder);
        TensorScope scope = TensorScope.open()) {
      Map<String, Map<String, Tensor>> files = new LinkedHashMap<>();
      files.put(WEIGHTS, weights);
      files.put(OPTIMIZER, optimizer.state());
      if (average != null) {
        files.put(AVERAGE, average.state());
      }
      files.forEach((name, tensors) ->
          SafetensorsWriter.write(staged.path().resolve(name), tensors, Map.of("format", "pt")));
      TrainingRecord.write(staged.path(), progress, configuration, files.keySet());
      staged.commit();
    }
  }

  /**
   * Puts everything back as it was.
   *
   * @throws CheckpointException for a damaged file, or one of another configuration
   */
  Progress load(Path folder) {
    TrainingRecord saved = TrainingRecord.read(folder);
    saved.configuration().forEach((key, value) -> requireSame(folder, key, value));
    for (String key : new TreeSet<>(configuration.keySet())) {
      requireSame(folder, key, saved.configuration().getOrDefault(key, "nothing"));
    }
    read(folder.resolve(OPTIMIZER), optimizer::restore);
    if (average != null) {
      read(folder.resolve(AVERAGE), average::restore);
    }
    assign(folder, weights);
    return saved.progress();
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
