package dev.heed.cli.embed;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.cli.Progress;
import dev.heed.evaluate.Correlation;
import dev.heed.task.Embedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code heed evaluate sts}: how well similarities follow people's scores. */
@Command(
    name = "sts",
    aliases = "similar",
    description = {
      "Correlate similarities with people's scores of sentence pairs.",
      "FILE is tab-separated with a header that names score, sentence1 and sentence2."
    },
    footer = {"", "Example:", "  heed evaluate sts valid.tsv --json"})
public final class StsCommand extends HeedCommand {
  @Parameters(paramLabel = "FILE", description = "The pairs.")
  private Path file = Path.of("");

  @Mixin private EncoderOptions encoder = new EncoderOptions();

  /** What {@code --json} prints; correlations are times 100. */
  private record Report(int pairs, double pearson, double spearman) {}

  /** The columns of the header that matter. */
  private record Columns(int score, int first, int second, int count) {
    static Columns of(String header) {
      List<String> names = List.of(header.split("\t", -1));
      Columns columns =
          new Columns(
              names.indexOf("score"),
              names.indexOf("sentence1"),
              names.indexOf("sentence2"),
              names.size());
      if (columns.score < 0 || columns.first < 0 || columns.second < 0) {
        throw new BadInputException(
            "the header: expected the columns score, sentence1 and sentence2, got " + names);
      }
      return columns;
    }
  }

  @Override
  protected int run() {
    List<Line> lines = Lines.of(null, file);
    if (lines.size() < 3) {
      throw new BadInputException(
          file + ": expected a header and at least two pairs, got " + lines.size() + " lines");
    }
    Columns columns = Columns.of(lines.getFirst().text());
    double[] scores = new double[lines.size() - 1];
    List<String> texts = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      scores[i - 1] = read(lines.get(i), columns, texts);
    }
    if (Arrays.stream(scores).distinct().count() < 2) {
      throw new BadInputException(
          file + ": expected scores that differ, got " + scores[0] + " for every pair");
    }
    Report report = measure(scores, texts);
    if (json()) {
      printJson(report);
    } else {
      out()
          .printf(
              "%,d pairs: Pearson %.2f, Spearman %.2f%n",
              report.pairs(), report.pearson(), report.spearman());
    }
    out().flush();
    return ExitStatus.OK;
  }

  private double read(Line line, Columns columns, List<String> texts) {
    String[] cells = line.text().split("\t", -1);
    if (cells.length != columns.count()) {
      throw wrong(line, columns.count() + " columns as in the header", "" + cells.length);
    }
    for (String sentence : List.of(cells[columns.first()], cells[columns.second()])) {
      if (sentence.isBlank()) {
        throw wrong(line, "two sentences", "an empty one");
      }
      texts.add(sentence);
    }
    try {
      double score = Double.parseDouble(cells[columns.score()]);
      if (Double.isFinite(score)) {
        return score;
      }
    } catch (NumberFormatException _) {
      // The message below says what came.
    }
    throw wrong(line, "a number as score", cells[columns.score()]);
  }

  private BadInputException wrong(Line line, String expected, String got) {
    return new BadInputException(
        file + ", line " + line.number() + ": expected " + expected + ", got " + got);
  }

  private Report measure(double[] scores, List<String> texts) {
    double[] similarities = new double[scores.length];
    try (Embedder embedder = encoder.open();
        Progress progress = new Progress("evaluate", texts.size())) {
      CutTexts cut = new CutTexts(embedder);
      cut.count(texts);
      List<float[]> vectors = embedder.embed(texts, progress);
      for (int i = 0; i < scores.length; i++) {
        similarities[i] = Embedder.similarity(vectors.get(2 * i), vectors.get(2 * i + 1));
      }
      cut.tell(err());
    }
    return new Report(
        scores.length,
        100 * Correlation.pearson(similarities, scores),
        100 * Correlation.spearman(similarities, scores));
  }
}
