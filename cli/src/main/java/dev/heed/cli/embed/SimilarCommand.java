package dev.heed.cli.embed;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.Progress;
import dev.heed.task.Embedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code heed similar}: ranks lines by how alike they are to a query. */
@Command(
    name = "similar",
    description = "Rank the lines of a file, or of standard input, by similarity to a query.",
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

  @Mixin private EncoderOptions encoder = new EncoderOptions();

  /** One line of the result; lines count from 1. */
  private record Match(double similarity, int line, String text) {}

  @Override
  protected int run() throws IOException {
    if (top < 1) {
      throw new ParameterException(spec().commandLine(), "--top: expected 1 or more, got " + top);
    }
    List<String> lines = Lines.of(file);
    int[] filled = IntStream.range(0, lines.size()).filter(i -> !lines.get(i).isBlank()).toArray();
    if (filled.length == 0) {
      throw new BadInputException("expected at least one line that is not blank, got none");
    }
    List<Match> matches;
    try (Embedder embedder = encoder.open();
        Progress progress = new Progress("similar", filled.length)) {
      float[] wanted = embedder.embed(query);
      List<String> texts = IntStream.of(filled).mapToObj(lines::get).toList();
      List<float[]> vectors = embedder.embed(texts, progress);
      matches =
          IntStream.range(0, filled.length)
              .mapToObj(i ->
                  new Match(
                      Embedder.similarity(wanted, vectors.get(i)), filled[i] + 1, texts.get(i)))
              .sorted(Comparator.comparingDouble(Match::similarity).reversed())
              .limit(top)
              .toList();
    }
    if (json()) {
      printJson(matches);
    } else {
      matches.forEach(m -> out().printf("%.3f  %5d  %s%n", m.similarity(), m.line(), m.text()));
    }
    out().flush();
    return ExitStatus.OK;
  }
}
