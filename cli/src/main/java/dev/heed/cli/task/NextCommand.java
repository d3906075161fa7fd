package dev.heed.cli.task;

import dev.heed.cli.Output;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelFiles;
import dev.heed.task.NextSentence;
import dev.heed.task.TextPair;
import dev.heed.tensor.DType;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heed next}: whether a text follows another. */
@Command(
    name = "next",
    description = "Say how probable it is that a second text follows a first.",
    footer = {
      "",
      "Examples:",
      "  heed next --model bert-base-uncased --pair \"It was raining.\" \"He took an umbrella.\"",
      "  heed next --model bert-base-uncased --pairs --file pairs.tsv"
    })
public final class NextCommand extends TextTaskCommand<NextCommand.Follows> {
  @Mixin private PairOptions pairs = new PairOptions();

  /**
   * The result.
   *
   * @param probability that the second text follows the first
   * @param cut whether both are longer than the model reads, so that the end was not read
   */
  record Follows(double probability, boolean cut) {}

  @Override
  TaskSession<Follows> open(ModelFiles files, @Nullable DType type) {
    NextSentence next = NextSentence.open(files, type);
    return new TaskSession<>() {
      @Override
      public List<Follows> results(List<TaskItem> items) {
        List<TextPair> given = items.stream().map(pairs::of).toList();
        double[] follows = next.follows(given);
        return IntStream.range(0, follows.length)
            .mapToObj(i -> new Follows(follows[i], next.cuts(given.get(i))))
            .toList();
      }

      @Override
      public boolean cuts(Follows result) {
        return result.cut();
      }

      @Override
      public void print(TaskItem item, Follows result, Output out) {
        out.println(figure(result.probability()));
      }

      @Override
      public Evidence evidence(TaskItem item, Follows result) {
        return next.explain(pairs.of(item));
      }

      @Override
      public void close() {
        next.close();
      }
    };
  }
}
