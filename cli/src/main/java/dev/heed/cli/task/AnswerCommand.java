package dev.heed.cli.task;

import dev.heed.cli.BadInputException;
import dev.heed.cli.Output;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelFiles;
import dev.heed.task.AnswerFinder;
import dev.heed.task.AnswerFinder.Answers;
import dev.heed.task.AnswerFinder.Options;
import dev.heed.task.AnswerWriter;
import dev.heed.task.TextPair;
import dev.heed.tensor.DType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed answer}: what a text says to a question. */
@Command(
    name = "answer",
    description = {
      "Answer a question from a text of any length: by a part of the text, or in the model's own"
          + " words where it writes. Without --model a small one is asked that Heed carries.",
      "With --pairs each line of --file is a question, a tab and its text."
    },
    footer = {
      "",
      "Examples:",
      "  heed answer \"What is the capital of France?\" --text \"Paris is the capital of France.\"",
      "  heed answer --model squad \"Who sat?\" --text \"The cat sat on the mat.\"",
      "  heed answer --model squad2 --no-answer \"Where is it?\" --file report.txt --whole",
      "  heed answer --model unifiedqa-t5 \"Who sat?\" --file stories/"
    })
public final class AnswerCommand extends TaskCommand<Record> {
  @Parameters(paramLabel = "QUESTION", arity = "0..1", description = "The question.")
  private @Nullable String question;

  @Option(names = "--text", paramLabel = "TEXT", description = "What is asked.")
  private @Nullable String text;

  @Mixin private TaskItems items = new TaskItems();

  @Option(names = "--pairs", description = "Each line is a question, a tab and its text.")
  private boolean tabs;

  @Option(names = "--no-answer", description = "There may be no answer: an empty one.")
  private boolean none;

  @Option(
      names = "--threshold",
      paramLabel = "X",
      description = "How much higher no answer must score (default: ${DEFAULT-VALUE}).")
  private double threshold;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many answers to give (default: ${DEFAULT-VALUE}).")
  private int top = 1;

  @Option(
      names = "--longest",
      paramLabel = "N",
      description = "Most tokens of a part (default: ${DEFAULT-VALUE}).")
  private int longest = Options.USUAL.longest();

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Most tokens that a model writes (default: as its files say, else 256).")
  private @Nullable Integer written;

  @Option(
      names = "--template",
      paramLabel = "TEXT",
      description = "What a model that writes reads (default: ${DEFAULT-VALUE}).")
  private String template = AnswerWriter.TEMPLATE;

  @Override
  String carried() {
    return "answers";
  }

  @Override
  List<TaskItem> items() {
    if (tabs == (question != null)) {
      throw new UsageException("expected a QUESTION or --pairs, got " + (tabs ? "both" : "none"));
    }
    if (top < 1 || longest < 1) {
      throw new UsageException(
          "--top, --longest: expected 1 or more, got " + top + " and " + longest);
    }
    LengthOptions.checked("--max-new-tokens", written);
    return items.read("--text", text);
  }

  @Override
  TaskSession<Record> open(ModelFiles files, @Nullable DType type) {
    String architecture =
        ModelFamilies.of(new ModelConfig(files.describe(), files.json())).architecture();
    boolean writes = dev.heed.task.Task.GENERATE.fits(architecture);
    return writes
        ? new Writing(AnswerWriter.open(files, type, template))
        : new Finding(AnswerFinder.open(files, type));
  }

  private Options options() {
    return new Options(Math.max(top, Options.USUAL.most()), longest, none, threshold);
  }

  private TextPair pair(TaskItem item) {
    if (!tabs) {
      return new TextPair(String.valueOf(question), item.text());
    }
    int tab = item.text().indexOf('\t');
    if (tab < 0) {
      throw new BadInputException(
          "--pairs: expected a question and a text with a tab between them, got no tab");
    }
    return new TextPair(item.text().substring(0, tab), item.text().substring(tab + 1));
  }

  /** Parts of the text. */
  private final class Finding implements TaskSession<Record> {
    private final AnswerFinder finder;

    Finding(AnswerFinder finder) {
      this.finder = finder;
    }

    @Override
    public List<Record> results(List<TaskItem> given) {
      return finder.find(given.stream().map(AnswerCommand.this::pair).toList(), options()).stream()
          .<Record>map(all ->
              new Answers(
                  all.answers().subList(0, Math.min(top, all.answers().size())), all.noAnswer()))
          .toList();
    }

    @Override
    public void print(TaskItem item, Record result, Output out) {
      for (AnswerFinder.Answer answer : ((Answers) result).answers()) {
        out.println(
            figure(answer.probability())
                + "  "
                + (answer.text().isEmpty()
                    ? "(no answer)"
                    : answer.text().replaceAll("\\s+", " ")));
      }
    }

    @Override
    public Evidence evidence(TaskItem item, Record result) {
      TextPair pair = pair(item);
      return finder.explain(pair.first(), String.valueOf(pair.second()), options());
    }

    @Override
    public void close() {
      finder.close();
    }
  }

  /** The model's own words. */
  private final class Writing implements TaskSession<Record> {
    private final AnswerWriter writer;

    Writing(AnswerWriter writer) {
      this.writer = writer;
    }

    @Override
    public List<Record> results(List<TaskItem> given) {
      return given.stream()
          .map(AnswerCommand.this::pair)
          .<Record>map(pair -> writer.answer(pair.first(), String.valueOf(pair.second()), written))
          .toList();
    }

    @Override
    public void print(TaskItem item, Record result, Output out) {
      out.println(((AnswerWriter.Written) result).text());
    }

    @Override
    public Evidence evidence(TaskItem item, Record result) {
      TextPair pair = pair(item);
      return writer.explain(pair.first(), String.valueOf(pair.second()), written);
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
