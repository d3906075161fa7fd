package dev.heed.cli.generate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.GivenText;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Lines;
import dev.heed.cli.UsageException;
import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.TextStream;
import dev.heed.generate.search.ContinuousBatch;
import dev.heed.generate.search.Generated;
import dev.heed.generate.search.SearchSettings;
import dev.heed.model.ModelKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
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
      "Several prompts come from the lines of a file, and give one JSON object a line."
    },
    footer = {
      "",
      "Examples:",
      "  heed generate --model stories260k \"Once upon a time\"",
      "  heed generate --model gpt2 --temperature 0.8 --top-p 0.95 --seed 7 \"The sea\"",
      "  heed generate --model opus-mt-en-fr --beams 4 \"How are you?\"",
      "  heed generate --model gpt2 --file prompts.txt --stop \".\" > texts.jsonl"
    })
public final class GenerateCommand extends HeedCommand {
  private static final JsonMapper LINES = new JsonMapper();

  @Parameters(paramLabel = "PROMPT", arity = "0..1", description = "The text to go on from.")
  private @Nullable String prompt;

  @Option(names = "--file", paramLabel = "FILE", description = "Prompts, one a line; - for stdin.")
  private @Nullable Path file;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Write N lines of the file side by side: the same texts, sooner.")
  private @Nullable Integer batch;

  @Option(names = "--no-prompt", description = "Print only what the model writes.")
  private boolean withoutPrompt;

  @Mixin private WritingOptions options = new WritingOptions();

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
      @Nullable Integer line,
      String prompt,
      @Nullable List<Result> results,
      @Nullable String error) {}

  @Override
  protected int run() {
    if ((prompt == null) == (file == null)) {
      throw new UsageException(
          "expected a PROMPT or --file, got " + (file == null ? "none" : "both"));
    }
    if (batch != null && (file == null || batch < 1)) {
      throw new UsageException("--batch: expected 1 or more with --file, got " + batch);
    }
    List<Lines.Line> lines = file == null ? List.of() : Lines.of("--file", file);
    try (TextGenerator writer = options.open()) {
      SearchSettings settings = options.settings(writer);
      if (prompt == null) {
        return each(writer, settings, lines);
      }
      String given = GivenText.filled("PROMPT", prompt);
      if (json()) {
        printJson(answer(null, given, writer, settings));
      } else if (settings.config().search().numReturnSequences() > 1) {
        writer
            .generate(List.of(given), settings)
            .getFirst()
            .forEach(one -> out().println(shown(writer, given) + one.text()));
      } else {
        write(writer, settings, given);
      }
    }
    out().flush();
    return ExitStatus.OK;
  }

  private void write(TextGenerator writer, SearchSettings settings, String given) {
    out().print(shown(writer, given));
    out().flush();
    try (TextStream text = writer.stream(given, settings)) {
      while (text.hasNext()) {
        out().print(text.next());
        out().flush();
      }
    }
    out().println();
  }

  /** What an encoder-decoder reads is no part of what it writes. */
  private String shown(TextGenerator writer, String given) {
    return withoutPrompt || writer.model().kind() == ModelKind.ENCODER_DECODER ? "" : given;
  }

  private static Answer answer(
      @Nullable Integer line, String given, TextGenerator writer, SearchSettings settings) {
    return answered(line, given, writer.generate(List.of(given), settings).getFirst());
  }

  private static Answer answered(@Nullable Integer line, String given, List<Completion> results) {
    return new Answer(line, given, results.stream().map(Result::of).toList(), null);
  }

  /** A line that fails says so in its place, and the others go on. */
  private int each(TextGenerator writer, SearchSettings settings, List<Lines.Line> lines) {
    return batch == null
        ? lines.stream()
            .mapToInt(
                line -> print(line, () -> answer(line.number(), line.text(), writer, settings)))
            .max()
            .orElse(ExitStatus.OK)
        : together(writer, settings, lines, batch);
  }

  private int together(
      TextGenerator writer, SearchSettings settings, List<Lines.Line> lines, int most) {
    int exit = ExitStatus.OK;
    try (ContinuousBatch running = writer.batch(most)) {
      List<CompletableFuture<Completion>> results = new ArrayList<>();
      for (Lines.Line line : lines) {
        try {
          results.add(writer.submit(running, line.text(), settings));
        } catch (IllegalArgumentException e) {
          results.add(CompletableFuture.failedFuture(e));
        }
      }
      for (int i = 0; i < results.size(); i++) {
        CompletableFuture<Completion> result = results.get(i);
        Lines.Line line = lines.get(i);
        while (!result.isDone()) {
          running.step();
        }
        exit =
            Math.max(
                exit,
                print(line, () -> answered(line.number(), line.text(), List.of(result.join()))));
      }
    }
    return exit;
  }

  private int print(Lines.Line line, Supplier<Answer> made) {
    Answer answer;
    try {
      answer = made.get();
    } catch (CompletionException | IllegalArgumentException e) {
      Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
      answer = new Answer(line.number(), line.text(), null, cause.getMessage());
    }
    out().println(LINES.writeValueAsString(answer));
    out().flush();
    return answer.error() == null ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }
}
