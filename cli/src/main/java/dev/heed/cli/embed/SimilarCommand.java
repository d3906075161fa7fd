package dev.heed.cli.embed;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
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
    footer = {"", "Example:", "  heed similar \"Where can I park?\" --file faq.txt --top 3"})
public final class SimilarCommand extends HeedCommand {
  private static final int SHOWN = 200;

  @Parameters(paramLabel = "QUERY", description = "The text to compare with.")
  private String query = "";

  @Mixin private TaskItems items = new TaskItems();

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

  /** One line of the result; lines count from 1. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Match(
      double similarity, @Nullable String file, @Nullable Integer line, String text) {
    String place() {
      return file == null ? String.valueOf(line) : file;
    }

    /** The text, or of a whole file its beginning. */
    String shown() {
      String even = file == null ? text : text.strip().replaceAll("\\s+", " ");
      return file == null || even.length() <= SHOWN ? even : even.substring(0, SHOWN) + "…";
    }
  }

  @Override
  protected int run() {
    if (top < 1) {
      throw new UsageException("--top: expected 1 or more, got " + top);
    }
    EvidenceFile.check(attention);
    String wanted = GivenText.filled("QUERY", query);
    List<TaskItem> all = items.read("QUERY", null);
    List<TaskItem> lines = all.stream().filter(item -> item.error() == null).toList();
    all.stream()
        .filter(item -> item.error() != null)
        .forEach(item -> err().println("heed: " + item.place() + ": " + item.error()));
    if (lines.isEmpty()) {
      throw new BadInputException("--file: expected a text that can be read, got none");
    }
    List<Match> matches = matches(wanted, lines);
    if (json()) {
      printJson(matches);
    } else {
      matches.forEach(m -> out().printf("%.3f  %5s  %s%n", m.similarity(), m.place(), m.shown()));
    }
    out().flush();
    return lines.size() == all.size() ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
  }

  private List<Match> matches(String wanted, List<TaskItem> lines) {
    List<String> texts = lines.stream().map(TaskItem::text).toList();
    try (Embedder embedder = encoder.open();
        Progress progress = new Progress("similar", lines.size())) {
      CutTexts cut = new CutTexts(embedder);
      cut.count(texts);
      cut.count(List.of(wanted));
      float[] vector = embedder.embed(wanted);
      List<float[]> vectors = embedder.embed(texts, progress);
      cut.tell(err());
      List<Match> matches =
          IntStream.range(0, lines.size())
              .mapToObj(i ->
                  new Match(
                      Embedder.similarity(vector, vectors.get(i)),
                      lines.get(i).file(),
                      lines.get(i).line(),
                      texts.get(i)))
              .sorted(Comparator.comparingDouble(Match::similarity).reversed())
              .limit(top)
              .toList();
      if (attention != null) {
        EvidenceFile.write(
            attention, () -> embedder.explain(wanted, matches.getFirst().text()), err());
      }
      return matches;
    }
  }
}
