package dev.heed.cli.embed;

import dev.heed.cli.EvidenceFile;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.GivenText;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
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
      "Rank the lines of a file, or of standard input, by similarity to a query.",
      "Each line shows the cosine of the two texts' vectors, its number and its text; blank lines"
          + " are skipped."
    },
    footer = {"", "Example:", "  heed similar \"Where can I park?\" --file faq.txt --top 3"})
public final class SimilarCommand extends HeedCommand {
  @Parameters(paramLabel = "QUERY", description = "The text to compare with.")
  private String query = "";

  @Option(names = "--file", paramLabel = "FILE", description = "A file of one text a line.")
  private @Nullable Path file;

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
  private record Match(double similarity, int line, String text) {}

  @Override
  protected int run() {
    if (top < 1) {
      throw new UsageException("--top: expected 1 or more, got " + top);
    }
    EvidenceFile.check(attention);
    String wanted = GivenText.filled("QUERY", query);
    List<Line> lines = Lines.of("--file", file);
    List<Match> matches = matches(wanted, lines);
    if (json()) {
      printJson(matches);
    } else {
      matches.forEach(m -> out().printf("%.3f  %5d  %s%n", m.similarity(), m.line(), m.text()));
    }
    out().flush();
    return ExitStatus.OK;
  }

  private List<Match> matches(String wanted, List<Line> lines) {
    List<String> texts = lines.stream().map(Line::text).toList();
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
                      lines.get(i).number(),
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
