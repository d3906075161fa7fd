package dev.heed.cli.embed;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.cli.task.TaskItem;
import dev.heed.cli.task.TaskItems;
import dev.heed.task.Embedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code heed embed}: one vector of length 1 for each text. */
@Command(
    name = "embed",
    description = {
      "Turn texts into vectors: one JSON object a line, or one array with --json.",
      "Texts come from the command line, from the lines of a file, the files of a folder, or from"
          + " standard input; blank lines are skipped, and each object names its line or file."
    },
    footer = {"", "Example:", "  heed embed --file sentences.txt --dtype bf16 > vectors.jsonl"})
public final class EmbedCommand extends HeedCommand {
  /** Large enough to sort into full batches, small enough to print as it goes. */
  private static final int CHUNK = 2048;

  private static final JsonMapper LINES = new JsonMapper();

  @Parameters(
      paramLabel = "TEXT",
      arity = "0..1",
      description = "The text; - or none reads standard input.")
  private @Nullable String text;

  @Mixin private TaskItems items = new TaskItems();

  @Option(
      names = "--index",
      paramLabel = "DIR",
      description =
          "Keep the vectors in a new folder, for `heed similar --index`, in place of printing.")
  private @Nullable Path index;

  @Mixin private EncoderOptions encoder = new EncoderOptions();

  /**
   * One line of the output.
   *
   * @param file of a folder, or one read as a whole; else null
   * @param line of the file, from 1; null for the text of an argument
   * @param embedding null where there is an error
   * @param error why the text could not be read, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Embedded(
      @Nullable String file,
      @Nullable Integer line,
      String text,
      float @Nullable [] embedding,
      @Nullable String error) {
    static Embedded of(TaskItem item, float @Nullable [] vector) {
      return new Embedded(item.file(), item.line(), item.text(), vector, item.error());
    }
  }

  @Override
  protected int run() {
    if (index != null && json()) {
      throw new UsageException("--index and --json exclude each other: give one of them");
    }
    List<TaskItem> all = items.read("TEXT", text);
    try (Embedder embedder = encoder.open();
        Progress progress = new Progress("embed", all.size())) {
      CutTexts cut = new CutTexts(embedder);
      if (index == null) {
        print(all, cut, progress);
      } else {
        keep(index, all, embedder, cut, progress);
      }
      cut.tell(err());
    }
    return all.stream().allMatch(item -> item.error() == null)
        ? ExitStatus.OK
        : ExitStatus.CHECK_FAILED;
  }

  private void print(List<TaskItem> all, CutTexts cut, Progress progress) {
    List<Embedded> kept = new ArrayList<>();
    inParts(
        all,
        cut,
        progress,
        (items, vectors) -> {
          Iterator<float[]> next = vectors.iterator();
          for (TaskItem item : items) {
            Embedded embedded = Embedded.of(item, item.error() == null ? next.next() : null);
            if (json()) {
              kept.add(embedded);
            } else {
              out().println(LINES.writeValueAsString(embedded));
            }
          }
        });
    if (json()) {
      printJson(kept);
    }
    out().flush();
  }

  private void keep(
      Path folder, List<TaskItem> all, Embedder embedder, CutTexts cut, Progress progress) {
    all.stream()
        .filter(item -> item.error() != null)
        .forEach(item -> err().println("heed: " + item.place() + ": " + item.error()));
    List<TaskItem> readable = all.stream().filter(item -> item.error() == null).toList();
    try (TextIndex texts = TextIndex.create(folder, embedder)) {
      inParts(readable, cut, progress, texts::add);
      texts.finish();
    }
    err()
        .printf(
            "heed: %d %s kept in %s%n",
            readable.size(), readable.size() == 1 ? "text" : "texts", folder);
  }

  /** Hands on the items a chunk at a time, with the vectors of those without an error. */
  private static void inParts(
      List<TaskItem> all,
      CutTexts cut,
      Progress progress,
      BiConsumer<List<TaskItem>, List<float[]>> each) {
    for (int start = 0; start < all.size(); start += CHUNK) {
      List<TaskItem> chunk = all.subList(start, Math.min(all.size(), start + CHUNK));
      int before = start;
      List<String> texts =
          chunk.stream().filter(item -> item.error() == null).map(TaskItem::text).toList();
      each.accept(chunk, cut.embed(texts, done -> progress.accept(before + done)));
    }
  }
}
