package dev.heed.cli.embed;

import dev.heed.cli.BadInputException;
import dev.heed.cli.EvidenceFile;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.GivenText;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.cli.task.TaskItem;
import dev.heed.cli.task.TaskItems;
import dev.heed.task.Embedder;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed similar}: ranks lines by how alike they are to a query. */
@Command(
    name = "similar",
    description = {
      "Rank the lines of a file or of standard input, or the files of a folder, by similarity to a"
          + " query.",
      "Each line shows the cosine of the two texts' vectors, the text's number or file, and its"
          + " beginning; blank lines are skipped."
    },
    footer = {
      "",
      "Examples:",
      "  heed similar \"Where can I park?\" --file faq.txt --top 3",
      "  heed embed --file faq.txt --index faq && heed similar \"Where can I park?\" --index faq"
    })
public final class SimilarCommand extends HeedCommand {
  @Parameters(paramLabel = "QUERY", description = "The text to compare with.")
  private String query = "";

  @Mixin private TaskItems items = new TaskItems();

  @Option(
      names = "--index",
      paramLabel = "DIR",
      description = "Search what `heed embed --index DIR` kept, in place of texts read now.")
  private @Nullable Path index;

  @Option(
      names = "--top",
      paramLabel = "N",
      description = "How many lines to print (default: ${DEFAULT-VALUE}).")
  private int top = 10;

  @Option(
      names = "--attention",
      paramLabel = "FILE",
      description = "Draw which words make the best line alike: a .html page or a .png.")
  private @Nullable Path attention;

  @Mixin private EncoderOptions encoder = new EncoderOptions();

  @Override
  protected int run() {
    if (top < 1) {
      throw new UsageException("--top: expected 1 or more, got " + top);
    }
    EvidenceFile.check(attention);
    String wanted = GivenText.filled("QUERY", query);
    if (index == null) {
      return ranked(wanted);
    }
    if (items.given()) {
      throw new UsageException("--file and --index exclude each other: give one of them");
    }
    try (Embedder embedder = encoder.open();
        TextIndex texts = TextIndex.open(index, embedder)) {
      print(texts.nearest(vector(new CutTexts(embedder), wanted), top), embedder, wanted);
    }
    return ExitStatus.OK;
  }

  /** Compares with texts that are read now. */
  private int ranked(String wanted) {
    List<TaskItem> all = items.read("QUERY", null);
    List<TaskItem> lines = all.stream().filter(item -> item.error() == null).toList();
    all.stream()
        .filter(item -> item.error() != null)
        .forEach(item -> err().println("heed: " + item.place() + ": " + item.error()));
    if (lines.isEmpty()) {
      throw new BadInputException("--file: expected a text that can be read, got none");
    }
    List<String> texts = lines.stream().map(TaskItem::text).toList();
    try (Embedder embedder = encoder.open();
        TextIndex kept = TextIndex.inMemory();
        Progress progress = new Progress("similar", lines.size())) {
      CutTexts cut = new CutTexts(embedder);
      kept.add(lines, cut.embed(texts, progress));
      kept.finish();
      print(kept.nearest(vector(cut, wanted), top), embedder, wanted);
    }
    return lines.size() == all.size() ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }

  private float[] vector(CutTexts cut, String wanted) {
    float[] vector = cut.embed(List.of(wanted), done -> {}).getFirst();
    cut.tell(err());
    return vector;
  }

  private void print(List<TextIndex.Match> matches, Embedder embedder, String wanted) {
    if (attention != null) {
      EvidenceFile.write(
          attention, () -> embedder.explain(wanted, matches.getFirst().text()), err());
    }
    if (json()) {
      printJson(matches);
    } else {
      matches.forEach(m -> out().printf("%.3f  %5s  %s%n", m.similarity(), m.place(), m.shown()));
    }
    out().flush();
  }
}
