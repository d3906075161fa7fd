package dev.heed.cli.task;

import dev.heed.cli.BadInputException;
import dev.heed.cli.Output;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Completer;
import dev.heed.task.TextPair;
import dev.heed.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed complete}: a program's missing part. */
@Command(
    name = "complete",
    description = {
      "Complete code: what follows it, or what belongs where <FILL> stands in it, if the model has"
          + " tokens for a missing middle.",
      "--whole reads a file as one program; only the completion is printed. Without --model"
          + " a small one of Python is asked that Heed carries."
    },
    footer = {
      "",
      "Examples:",
      "  heed complete \"def calculate_average(numbers):\"",
      "  heed complete --model starcoder2-3b \"def fib(n):\"",
      "  heed complete --model starcoder2-3b --whole --file main.py   (with <FILL> in it)"
    })
public final class CompleteCommand extends TextTaskCommand<CompleteCommand.Completed> {
  @Option(
      names = "--hole",
      paramLabel = "MARK",
      description = "What stands where something is missing (default: ${DEFAULT-VALUE}).")
  private String hole = "<FILL>";

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Most tokens to write (default: as the model's files say, else 256).")
  private @Nullable Integer longest;

  /**
   * The result.
   *
   * @param completion what belongs behind the text, or into its hole
   */
  record Completed(String completion) {}

  @Override
  String carried() {
    return "code";
  }

  /** What stands before and after. */
  private TextPair parts(TaskItem item) {
    String text = item.text();
    int at = hole.isEmpty() ? -1 : text.indexOf(hole);
    if (at < 0) {
      // the end of a file's last line is no part of what is to be completed
      return TextPair.of(item.isArgument() ? text : text.stripTrailing());
    }
    String after = text.substring(at + hole.length());
    if (after.contains(hole)) {
      throw new BadInputException("--hole: expected " + hole + " once, got it again");
    }
    return new TextPair(text.substring(0, at), after);
  }

  @Override
  TaskSession<Completed> open(ModelFiles files, @Nullable DType type) {
    Integer most = LengthOptions.checked("--max-new-tokens", longest);
    Completer completer = Completer.open(files, type);
    return new TaskSession<>() {
      @Override
      public List<Completed> results(List<TaskItem> items) {
        return items.stream()
            .map(CompleteCommand.this::parts)
            .map(parts -> new Completed(completer.complete(parts.first(), after(parts), most)))
            .toList();
      }

      @Override
      public void print(TaskItem item, Completed result, Output out) {
        out.println(result.completion());
      }

      @Override
      public Evidence evidence(TaskItem item, Completed result) {
        TextPair parts = parts(item);
        return completer.explain(parts.first(), after(parts), most);
      }

      @Override
      public void close() {
        completer.close();
      }
    };
  }

  private static String after(TextPair parts) {
    return parts.second() == null ? "" : parts.second();
  }
}
