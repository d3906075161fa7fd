package dev.heed.cli.task;

import dev.heed.cli.Output;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Summarizer;
import dev.heed.task.Summarizer.Options;
import dev.heed.task.Summarizer.Summary;
import dev.heed.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed summarize}: a text in fewer words. */
@Command(
    name = "summarize",
    description = {
      "Summarise texts of any length: at once where the model reads so much, else in pieces whose"
          + " summaries are summarised together.",
      "--whole reads a file as one text, not a text a line."
    },
    footer = {
      "",
      "Examples:",
      "  heed summarize --model bart-large-cnn --file article.txt --whole",
      "  heed summarize --model led-base-16384 --file reports/ --json > summaries.jsonl"
    })
public final class SummarizeCommand extends TextTaskCommand<Summary> {
  @Mixin private LengthOptions lengths = new LengthOptions();

  @Option(
      names = "--min-new-tokens",
      paramLabel = "N",
      description = "Fewest tokens to write (default: as the model's files say).")
  private @Nullable Integer fewest;

  @Override
  TaskSession<Summary> open(ModelFiles files, @Nullable DType type) {
    Options options =
        new Options(
            lengths.most(), LengthOptions.checked("--min-new-tokens", fewest), lengths.beams());
    Summarizer summarizer = Summarizer.open(files, type);
    return new TaskSession<>() {
      @Override
      public List<Summary> results(List<TaskItem> items) {
        return summarizer.summarize(items.stream().map(TaskItem::text).toList(), options, batch());
      }

      /** More than are written at once: one that ends makes room for the next. */
      @Override
      public int handed(int batch) {
        return LengthOptions.ROUNDS * batch;
      }

      @Override
      public void print(TaskItem item, Summary result, Output out) {
        out.println(result.text().replaceAll("\\R", " "));
      }

      @Override
      public Evidence evidence(TaskItem item, Summary result) {
        return summarizer.explain(item.text(), options);
      }

      @Override
      public void close() {
        summarizer.close();
      }
    };
  }
}
