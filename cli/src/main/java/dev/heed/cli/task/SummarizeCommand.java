package dev.heed.cli.task;

import dev.heed.cli.Output;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.Embedder;
import dev.heed.task.SentencePicker;
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
      "--whole reads a file as one text, not a text a line.",
      "Without --model: the text's own sentences that are most like all others."
    },
    footer = {
      "",
      "Examples:",
      "  heed summarize --file article.txt --whole --sentences 2",
      "  heed summarize --model bart-large-cnn --file article.txt --whole",
      "  heed summarize --model led-base-16384 --file reports/ --json > summaries.jsonl"
    })
public final class SummarizeCommand extends TextTaskCommand<Summary> {
  private static final int USUAL = 3;

  @Mixin private LengthOptions lengths = new LengthOptions();

  @Option(
      names = "--min-new-tokens",
      paramLabel = "N",
      description = "Fewest tokens to write (default: as the model's files say).")
  private @Nullable Integer fewest;

  @Option(
      names = "--sentences",
      paramLabel = "N",
      description = "Without --model: how many sentences to pick (default: 3).")
  private @Nullable Integer sentences;

  private boolean picks;

  @Override
  ModelFiles usual() {
    picks = true;
    return ModelFiles.embedded();
  }

  @Override
  TaskSession<Summary> open(ModelFiles files, @Nullable DType type) {
    Integer count = LengthOptions.checked("--sentences", sentences);
    if (picks && (fewest != null || lengths.most() != null || lengths.beams() != null)) {
      throw new UsageException(
          "--min-new-tokens, --max-new-tokens, --beams: expected --model, a model that writes");
    }
    if (picks) {
      return picking(files, type, count == null ? USUAL : count);
    }
    if (count != null) {
      throw new UsageException("--sentences: expected no --model, whose summaries it writes");
    }
    return writing(files, type);
  }

  /** Sentences of the text itself. */
  private static TaskSession<Summary> picking(ModelFiles files, @Nullable DType type, int count) {
    SentencePicker picker =
        new SentencePicker(Embedder.open(files, type == null ? DType.F32 : type));
    return new TaskSession<>() {
      @Override
      public List<Summary> results(List<TaskItem> items) {
        return items.stream()
            .map(item -> new Summary(SentencePicker.joined(picker.pick(item.text(), count)), 1, 1))
            .toList();
      }

      @Override
      public void print(TaskItem item, Summary result, Output out) {
        out.println(result.text().replaceAll("\\R", " "));
      }

      @Override
      public Evidence evidence(TaskItem item, Summary result) {
        throw new UsageException(
            "--attention: expected --model, a model that writes, got sentences that are picked");
      }

      @Override
      public void close() {
        picker.close();
      }
    };
  }

  private TaskSession<Summary> writing(ModelFiles files, @Nullable DType type) {
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
