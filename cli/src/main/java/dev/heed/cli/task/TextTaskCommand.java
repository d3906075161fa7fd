package dev.heed.cli.task;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * A task whose items are texts: an argument, or those of {@code --file}.
 *
 * @param <R> the result for one text
 */
abstract class TextTaskCommand<R> extends TaskCommand<R> {
  @Parameters(
      paramLabel = "TEXT",
      arity = "0..1",
      description = "The text; - or none reads standard input, a text a line.")
  private @Nullable String text;

  @Mixin private TaskItems items = new TaskItems();

  @Override
  List<TaskItem> items() {
    return items.read("TEXT", text);
  }
}
