package dev.heed.cli.generate;

import dev.heed.cli.task.TaskItem;
import dev.heed.generate.Completion;
import java.util.List;

/** How the texts of prompts come, asked for in their order. */
@FunctionalInterface
interface Writing extends AutoCloseable {
  /** The results of a prompt, best first. */
  List<Completion> of(TaskItem prompt);

  @Override
  default void close() {}
}
