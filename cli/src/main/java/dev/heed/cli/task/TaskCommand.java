package dev.heed.cli.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ModelOption;
import dev.heed.cli.OutputFile;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.explain.EvidencePage;
import dev.heed.explain.EvidencePicture;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import dev.heed.tensor.TensorException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * A command that asks a model about texts: one from the command line, or many of which one that
 * fails does not lose the others.
 *
 * <p>One text prints its result; {@code --json} prints it as an object. Of many, each prints in its
 * place, with {@code --json} as one object a line. A failure is said on standard error, or in the
 * object's {@code error}, and the exit code is then {@link ExitStatus#CHECK_FAILED}.
 *
 * @param <R> the result for one item
 */
abstract class TaskCommand<R> extends HeedCommand {
  private static final JsonMapper LINES = new JsonMapper();
  private static final String ATTENTION = "--attention";

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "A checkpoint's folder, with the head for this task.")
  private Path model = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, bf16 or f16 (default: as stored).")
  private @Nullable DType dtype;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "How many texts are worked on together (default: ${DEFAULT-VALUE}).")
  private int batch = 16;

  @Option(
      names = ATTENTION,
      paramLabel = "FILE",
      description = "Draw what the model attended to, for one text: a .html page or a .png.")
  private @Nullable Path attention;

  /** What one item gave, or why it gave nothing. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Answer<R>(
      @Nullable String file,
      @Nullable Integer line,
      String text,
      @Nullable R result,
      @Nullable String error) {
    static <R> Answer<R> of(TaskItem item, @Nullable R result, @Nullable String error) {
      return new Answer<>(item.file(), item.line(), item.text(), result, error);
    }
  }

  /**
   * What there is to do.
   *
   * @throws UsageException for options that do not go together
   */
  abstract List<TaskItem> items();

  /**
   * Opens the model.
   *
   * @return closed by this class
   */
  abstract TaskSession<R> open(ModelFiles files, @Nullable DType type);

  @Override
  protected final int run() {
    if (batch < 1) {
      throw new UsageException("--batch: expected 1 or more, got " + batch);
    }
    boolean page = attention != null && attention.toString().endsWith(".html");
    OutputFile.check(ATTENTION, attention, page ? ".html" : ".png");
    List<TaskItem> items = items();
    if (attention != null && items.size() != 1) {
      throw new UsageException(ATTENTION + ": expected one text, got " + items.size());
    }
    int exit = ExitStatus.OK;
    try (TaskSession<R> session = open(ModelOption.files("--model", model), dtype);
        Progress progress = new Progress(spec().name(), items.size())) {
      for (int from = 0; from < items.size(); from += batch) {
        List<TaskItem> part = items.subList(from, Math.min(items.size(), from + batch));
        for (Answer<R> answer : answers(session, part)) {
          exit = Math.max(exit, tell(session, answer));
          if (attention != null && answer.result() != null) {
            draw(attention, page, session.evidence(items.getFirst(), answer.result()));
          }
        }
        progress.accept(from + part.size());
      }
    }
    out().flush();
    return exit;
  }

  /** A batch that fails as a whole is asked for item by item. */
  private List<Answer<R>> answers(TaskSession<R> session, List<TaskItem> items) {
    List<TaskItem> readable = items.stream().filter(item -> item.error() == null).toList();
    List<Answer<R>> answers = new ArrayList<>();
    try {
      List<R> results = readable.isEmpty() ? List.of() : session.results(readable);
      int next = 0;
      for (TaskItem item : items) {
        answers.add(
            Answer.of(item, item.error() == null ? results.get(next++) : null, item.error()));
      }
    } catch (IllegalArgumentException
        | TensorException
        | CheckpointException
        | BadInputException e) {
      if (readable.size() == 1 && items.size() == 1) {
        return List.of(Answer.of(items.getFirst(), null, String.valueOf(e.getMessage())));
      }
      items.forEach(item -> answers.addAll(answers(session, List.of(item))));
    }
    return answers;
  }

  private int tell(TaskSession<R> session, Answer<R> answer) {
    boolean alone = answer.file() == null && answer.line() == null;
    R result = answer.result();
    if (result == null && alone) {
      throw new BadInputException(String.valueOf(answer.error()));
    }
    if (json()) {
      if (alone) {
        printJson(answer);
      } else {
        out().println(LINES.writeValueAsString(answer));
      }
    } else if (result != null) {
      session.print(result, out());
    } else {
      out().println();
      TaskItem item = new TaskItem(answer.file(), answer.line(), "", null);
      err().println("heed: " + item.place() + ": " + answer.error());
    }
    out().flush();
    return result == null ? ExitStatus.CHECK_FAILED : ExitStatus.OK;
  }

  private void draw(Path file, boolean page, Evidence evidence) {
    OutputFile.write(
        ATTENTION,
        file,
        () ->
            page
                ? EvidencePage.write(evidence).getBytes(StandardCharsets.UTF_8)
                : EvidencePicture.draw(evidence));
    err().println("wrote " + file);
  }

  /** A probability as people read it. */
  static String figure(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
