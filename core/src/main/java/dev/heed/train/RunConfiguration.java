package dev.heed.train;

import dev.heed.train.optim.Averaging;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.ParameterGroup;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must be the same when a run goes on, as text; how long it lasts may change. */
final class RunConfiguration {
  private RunConfiguration() {}

  static Map<String, String> of(
      TrainingOptions options,
      Optimizer optimizer,
      @Nullable Averaging averaging,
      int batchesOfFirstEpoch) {
    Map<String, String> configuration = new LinkedHashMap<>();
    configuration.put("batches", String.valueOf(options.batches()));
    configuration.put("seed", String.valueOf(options.seed()));
    configuration.put("schedule", text(options.schedule()));
    configuration.put("clip", text(options.clip()));
    for (ParameterGroup group : optimizer.groups()) {
      configuration.put(
          "group " + group.name(),
          text(group.rule())
              + ", rate "
              + group.rate()
              + ", "
              + group.parameters().size()
              + " parameters");
    }
    configuration.put("average", averaging == null ? "none" : text(averaging));
    configuration.put("batches of the first epoch", String.valueOf(batchesOfFirstEpoch));
    return configuration;
  }

  /** A record says all it holds; a function's name means nothing in the next process. */
  private static String text(Object value) {
    return value instanceof Record ? value.toString() : "a function";
  }
}
