package dev.heed.cli.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.heed.cli.BadInputException;
import dev.heed.cli.EvidenceFile;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ItemTrouble;
import dev.heed.cli.ModelOption;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.model.ModelFiles;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A checkpoint's folder, with the head for this task (default: the small model that Heed"
              + " carries for it, if there is one).")
  private @Nullable Path model;

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
      names = EvidenceFile.OPTION,
      paramLabel = "FILE",
      description = "Draw what the model attended to, for one text: a .html page or a .png.")
  private @Nullable Path attention;

  private boolean failed;

  /** What one item gave, or why it gave nothing. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Answer<R>(
      @JsonUnwrapped TaskItem item, @Nullable R result, @Nullable String error) {
    static <R> Answer<R> of(TaskItem item, @Nullable R result, @Nullable String error) {
      return new Answer<>(item, result, error);
    }
  }

  /**
   * A command that orders its items.
   *
   * @param order of the results, best first
   * @param top how many are shown
   */
  record Ranking<R>(Comparator<R> order, int top) {}

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

  /** How many items are worked on together. */
  final int batch() {
    return batch;
  }

  /** Tells of something that could not be read beside the items. */
  final void fail(String message) {
    err().println("heed: " + message);
    failed = true;
  }

  /** The name of the carried model that is asked where no other is named; null for none. */
  @Nullable String carried() {
    return null;
  }

  /** The model that is asked where none is named. */
  ModelFiles usual() {
    String own = carried();
    if (own == null) {
      throw new UsageException("Missing required option: '--model=DIR'");
    }
    return ModelFiles.carried(own);
  }

  private ModelFiles files() {
    return model == null ? usual() : ModelOption.files("--model", model);
  }

  /** How items are ordered, or null where each is told in its place. */
  @Nullable Ranking<R> ranking() {
    return null;
  }

  @Override
  protected final int run() {
    if (batch < 1) {
      throw new UsageException("--batch: expected 1 or more, got " + batch);
    }
    EvidenceFile.check(attention);
    List<TaskItem> items = items();
    if (attention != null && items.size() != 1) {
      throw new UsageException(EvidenceFile.OPTION + ": expected one text, got " + items.size());
    }
    int exit = ExitStatus.OK;
    try (TaskSession<R> session = ItemTrouble.told(() -> open(files(), dtype));
        Progress progress = progress(session, items.size())) {
      Ranking<R> ranking = ranking();
      List<Answer<R>> kept = new ArrayList<>();
      int handed = session.handed(batch);
      for (int from = 0; from < items.size(); from += handed) {
        List<TaskItem> part = items.subList(from, Math.min(items.size(), from + handed));
        List<Answer<R>> answers = answers(session, part);
        if (ranking == null) {
          exit = Math.max(exit, tell(session, answers));
        } else {
          kept.addAll(answers);
        }
        if (attention != null && answers.getFirst().result() != null) {
          R result = answers.getFirst().result();
          EvidenceFile.write(attention, () -> session.evidence(items.getFirst(), result), err());
        }
        progress.accept(from + part.size());
      }
      if (ranking != null) {
        exit = tell(session, ranked(kept, ranking));
      }
    }
    out().flush();
    return failed ? Math.max(exit, ExitStatus.CHECK_FAILED) : exit;
  }

  private Progress progress(TaskSession<R> session, int items) {
    return session.tellsProgress(items) ? Progress.none() : new Progress(spec().name(), items);
  }

  private static <R> List<Answer<R>> ranked(List<Answer<R>> answers, Ranking<R> ranking) {
    List<Answer<R>> shown = new ArrayList<>();
    answers.stream()
        .filter(answer -> answer.result() != null)
        .sorted(
            Comparator.comparing(
                answer -> Objects.requireNonNull(answer.result()), ranking.order()))
        .limit(ranking.top())
        .forEach(shown::add);
    answers.stream().filter(answer -> answer.result() == null).forEach(shown::add);
    return shown;
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
    } catch (RuntimeException e) {
      String message = ItemTrouble.explain(e);
      if (readable.size() == 1 && items.size() == 1) {
        return List.of(Answer.of(items.getFirst(), null, message));
      }
      items.forEach(item -> answers.addAll(answers(session, List.of(item))));
    }
    return answers;
  }

  private int tell(TaskSession<R> session, List<Answer<R>> answers) {
    int exit = ExitStatus.OK;
    for (Answer<R> answer : answers) {
      exit = Math.max(exit, tell(session, answer));
    }
    return exit;
  }

  private int tell(TaskSession<R> session, Answer<R> answer) {
    TaskItem item = answer.item();
    R result = answer.result();
    if (result == null && item.isArgument()) {
      throw new BadInputException(String.valueOf(answer.error()));
    }
    if (json()) {
      if (item.isArgument()) {
        printJson(answer);
      } else {
        out().println(LINES.writeValueAsString(answer));
      }
    } else if (result != null) {
      session.print(item, result, out());
      if (session.cuts(result)) {
        err().println("heed: " + item.place() + ": longer than the model reads: its end was cut");
      }
    } else {
      out().println();
      err().println("heed: " + item.place() + ": " + answer.error());
    }
    out().flush();
    return result == null ? ExitStatus.CHECK_FAILED : ExitStatus.OK;
  }

  /** A probability as people read it. */
  static String figure(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
