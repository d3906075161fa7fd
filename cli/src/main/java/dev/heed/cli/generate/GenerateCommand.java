package dev.heed.cli.generate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.cli.BadInputException;
import dev.heed.cli.EvidenceFile;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ItemTrouble;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.cli.task.TaskItem;
import dev.heed.cli.task.TaskItems;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.TextStream;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelKind;
import dev.heed.task.WrittenEvidence;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code heed generate}: what a model writes after a text, as it comes. */
@Command(
    name = "generate",
    description = {
      "Write on from a text, or answer it, as the model at --model does; the text appears as it is"
          + " written.",
      "Several prompts come from the lines of a file or the files of a folder, and give one JSON"
          + " object a line."
    },
    footer = {
      "",
      "Examples:",
      "  heed generate \"Once upon a time\"",
      "  heed generate --model gpt2 --temperature 0.8 --top-p 0.95 --seed 7 \"The sea\"",
      "  heed generate --model opus-mt-en-fr --beams 4 \"How are you?\"",
      "  heed generate --model gpt2 --file prompts.txt --stop \".\" > texts.jsonl"
    })
public final class GenerateCommand extends HeedCommand {
  private static final JsonMapper LINES = new JsonMapper();

  @Parameters(
      paramLabel = "PROMPT",
      arity = "0..1",
      description = "The text to go on from; - reads standard input, a prompt a line.")
  private @Nullable String prompt;

  @Mixin private TaskItems items = new TaskItems();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Write N lines of the file side by side: the same texts, sooner.")
  private @Nullable Integer batch;

  @Option(names = "--no-prompt", description = "Print only what the model writes.")
  private boolean withoutPrompt;

  @Option(
      names = EvidenceFile.OPTION,
      paramLabel = "FILE",
      description =
          "Draw which tokens each written token looked at, for one prompt: a .html page or a .png.")
  private @Nullable Path attention;

  @Mixin private WritingOptions options = new WritingOptions("stories");

  /**
   * One text.
   *
   * @param finish why it ended
   * @param score of a search by beams, else the sum of the log-probabilities
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Result(
      String text, String finish, double score, int[] tokens, double[] logProbabilities) {
    static Result of(Completion completion) {
      Generated generated = completion.generated();
      return new Result(
          completion.text(),
          generated.finish().name().toLowerCase(Locale.ROOT),
          generated.score(),
          generated.continuation(),
          generated.steps().stream().mapToDouble(Generated.Step::logProbability).toArray());
    }
  }

  /** A prompt and its texts, or why there are none. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Answer(
      @Nullable String file,
      @Nullable Integer line,
      String prompt,
      @Nullable List<Result> results,
      @Nullable String error) {
    static Answer of(TaskItem item, List<Completion> results) {
      return new Answer(
          item.file(), item.line(), item.text(), results.stream().map(Result::of).toList(), null);
    }

    static Answer failed(TaskItem item, String error) {
      return new Answer(item.file(), item.line(), item.text(), null, error);
    }
  }

  @Override
  protected int run() {
    if (prompt == null && !items.given()) {
      throw new UsageException("expected a PROMPT or --file, got none");
    }
    EvidenceFile.check(attention);
    List<TaskItem> prompts = items.read("PROMPT", prompt);
    boolean alone = prompts.getFirst().isArgument();
    if (batch != null && (alone || batch < 1)) {
      throw new UsageException("--batch: expected 1 or more with --file, got " + batch);
    }
    if (attention != null && prompts.size() != 1) {
      throw new UsageException(EvidenceFile.OPTION + ": expected one text, got " + prompts.size());
    }
    int exit = ExitStatus.OK;
    try (TextGenerator writer = options.open()) {
      SearchSettings settings = options.settings(writer);
      if (alone) {
        Completion best = ItemTrouble.told(() -> one(writer, settings, prompts.getFirst()));
        draw(writer, prompts.getFirst(), best);
      } else {
        exit = each(writer, settings, prompts);
      }
    }
    out().flush();
    return exit;
  }

  /** What the command line asks for; returns the best result. */
  private Completion one(TextGenerator writer, SearchSettings settings, TaskItem item) {
    String given = item.text();
    if (!json() && settings.config().search().numReturnSequences() == 1) {
      return write(writer, settings, given);
    }
    List<Completion> results = writer.generate(List.of(given), settings).getFirst();
    if (json()) {
      printJson(Answer.of(item, results));
    } else {
      results.forEach(result -> out().println(shown(writer, given) + result.text()));
    }
    return results.getFirst();
  }

  private Completion write(TextGenerator writer, SearchSettings settings, String given) {
    out().print(shown(writer, given));
    out().flush();
    try (TextStream text = writer.stream(given, settings)) {
      while (text.hasNext()) {
        out().print(text.next());
        out().flush();
      }
      out().println();
      return text.completion();
    }
  }

  private void draw(TextGenerator writer, TaskItem item, Completion text) {
    if (attention != null) {
      EvidenceFile.write(
          attention, () -> WrittenEvidence.of(writer, writer.tokens(item.text()), text), err());
    }
  }

  /** What an encoder-decoder reads is no part of what it writes. */
  private String shown(TextGenerator writer, String given) {
    return withoutPrompt || writer.model().kind() == ModelKind.ENCODER_DECODER ? "" : given;
  }

  /** A prompt that fails says so in its place, and the others go on. */
  private int each(TextGenerator writer, SearchSettings settings, List<TaskItem> prompts) {
    int exit = ExitStatus.OK;
    try (Progress progress = new Progress("generate", prompts.size());
        Writing writing =
            batch == null
                ? item -> writer.generate(List.of(item.text()), settings).getFirst()
                : new SideBySide(writer, settings, prompts, batch)) {
      for (int i = 0; i < prompts.size(); i++) {
        exit = Math.max(exit, print(writer, prompts.get(i), writing));
        progress.accept(i + 1);
      }
    }
    return exit;
  }

  private int print(TextGenerator writer, TaskItem item, Writing writing) {
    Answer answer;
    List<Completion> results = List.of();
    try {
      if (item.error() != null) {
        throw new BadInputException(item.error());
      }
      results = writing.of(item);
      answer = Answer.of(item, results);
    } catch (RuntimeException e) {
      answer = Answer.failed(item, ItemTrouble.explain(e));
    }
    out().println(LINES.writeValueAsString(answer));
    out().flush();
    if (!results.isEmpty()) {
      draw(writer, item, results.getFirst());
    }
    return answer.error() == null ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }
}
