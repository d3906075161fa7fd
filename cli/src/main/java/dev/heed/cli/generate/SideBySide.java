package dev.heed.cli.generate;

import dev.heed.cli.task.TaskItem;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.ContinuousBatch;
import dev.heed.generate.search.SearchSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Texts that are written in one continuous batch: the same texts, sooner. */
final class SideBySide implements Writing {
  private final ContinuousBatch running;
  private final Map<TaskItem, CompletableFuture<Completion>> results = new HashMap<>();

  /** Asks for all texts; a prompt that is refused fails when it is asked for. */
  SideBySide(TextGenerator writer, SearchSettings settings, List<TaskItem> prompts, int most) {
    running = writer.batch(most);
    for (TaskItem prompt : prompts) {
      if (prompt.error() != null) {
        continue;
      }
      try {
        results.put(prompt, writer.submit(running, prompt.text(), settings));
      } catch (IllegalArgumentException e) {
        results.put(prompt, CompletableFuture.failedFuture(e));
      }
    }
  }

  @Override
  public List<Completion> of(TaskItem prompt) {
    CompletableFuture<Completion> result = Objects.requireNonNull(results.remove(prompt));
    while (!result.isDone()) {
      running.step();
    }
    return List.of(ContinuousBatch.result(result));
  }

  @Override
  public void close() {
    running.close();
  }
}
