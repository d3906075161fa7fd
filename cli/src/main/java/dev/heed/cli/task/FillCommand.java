package dev.heed.cli.task;

import dev.heed.cli.Output;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.task.MaskFiller;
import dev.heed.task.MaskFiller.Hole;
import dev.heed.task.SpanFiller;
import dev.heed.task.Task;
import dev.heed.tensor.DType;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed fill}: the words that a mask hides. */
@Command(
    name = "fill",
    description = {
      "Guess the words that [MASK] (or <mask>, as the model writes it) hides, each with its"
          + " probability.",
      "A model as T5 fills gaps of any length, written <extra_id_0>, <extra_id_1> and so on."
    },
    footer = {
      "",
      "Examples:",
      "  heed fill --model bert-base-uncased \"Paris is the [MASK] of France.\"",
      "  heed fill --model t5-base \"The <extra_id_0> sat on the <extra_id_1>.\""
    })
public final class FillCommand extends TextTaskCommand<Record> {
  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many guesses for each mask (default: ${DEFAULT-VALUE}).")
  private int top = 5;

  @Override
  TaskSession<Record> open(ModelFiles files, @Nullable DType type) {
    if (top < 1) {
      throw new UsageException("--top: expected 1 or more, got " + top);
    }
    ModelConfig config = Task.FILL.require(files);
    return Task.TRANSLATE.fits(ModelFamilies.of(config).architecture())
        ? new Spans(SpanFiller.open(files, type))
        : new Masks(MaskFiller.open(files, type), top);
  }

  /** By a model of hidden words. */
  private record Masks(MaskFiller filler, int top) implements TaskSession<Record> {
    @Override
    public List<Record> results(List<TaskItem> items) {
      return List.copyOf(filler.fill(items.stream().map(TaskItem::text).toList(), top));
    }

    @Override
    public void print(TaskItem item, Record result, Output out) {
      List<Hole> holes = ((MaskFiller.Filled) result).holes();
      out.println(holes.stream().map(Masks::line).collect(Collectors.joining(" | ")));
    }

    private static String line(Hole hole) {
      return hole.guesses().stream()
          .map(guess -> guess.word() + " " + TaskCommand.figure(guess.probability()))
          .collect(Collectors.joining("  "));
    }

    @Override
    public Evidence evidence(TaskItem item, Record result) {
      return filler.explain(item.text());
    }

    @Override
    public void close() {
      filler.close();
    }
  }

  /** By a model that writes what is missing. */
  private record Spans(SpanFiller filler) implements TaskSession<Record> {
    @Override
    public List<Record> results(List<TaskItem> items) {
      return items.stream().<Record>map(item -> filler.fill(item.text())).toList();
    }

    @Override
    public void print(TaskItem item, Record result, Output out) {
      out.println(((SpanFiller.Filled) result).text());
    }

    @Override
    public Evidence evidence(TaskItem item, Record result) {
      return filler.explain(item.text());
    }

    @Override
    public void close() {
      filler.close();
    }
  }
}
