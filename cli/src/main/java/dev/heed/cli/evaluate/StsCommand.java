package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.cli.embed.CutTexts;
import dev.heed.cli.embed.EncoderOptions;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.evaluate.ChosenMeasure;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.Correlation;
import dev.heed.task.Embedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed evaluate sts}: how well similarities follow people's scores. */
@Command(
    name = "sts",
    aliases = "similar",
    description = {
      "How well the similarities of sentence vectors follow people's scores of pairs: Pearson,"
          + " Spearman and Kendall correlation.",
      "DATA: lines of JSON, or cells below a header, with score, sentence1 and sentence2."
    },
    footer = {"", "Example:", "  heed evaluate sts valid.tsv --json"})
public final class StsCommand extends ReportCommand {
  @Parameters(paramLabel = "DATA", description = "The pairs; .gz is unpacked.")
  private Path file = Path.of("");

  @Option(names = "--limit", paramLabel = "N", description = "Take the first N pairs.")
  private @Nullable Integer limit;

  @Mixin private EncoderOptions encoder = new EncoderOptions();

  private final List<String> texts = new ArrayList<>();
  private double[] scores = new double[0];
  private double[] similarities = new double[0];
  private long cut;

  @Override
  CorpusMeasure measured() {
    if (limit != null && limit < 1) {
      throw new UsageException("--limit: expected 1 or more, got " + limit);
    }
    List<Example> pairs = ExampleFile.read(file, true);
    scores =
        pairs.stream()
            .limit(limit == null ? pairs.size() : limit)
            .mapToDouble(this::score)
            .toArray();
    if (Arrays.stream(scores).distinct().count() < 2) {
      throw new BadInputException(
          file
              + ": expected at least two pairs whose scores differ, got "
              + (scores.length == 0 ? "none" : scores[0] + " for every pair"));
    }
    similarities = new double[scores.length];
    try (Embedder embedder = encoder.open();
        Progress progress = new Progress("evaluate", texts.size())) {
      CutTexts longer = new CutTexts(embedder);
      List<float[]> vectors = longer.embed(texts, progress);
      cut = longer.count();
      for (int i = 0; i < scores.length; i++) {
        similarities[i] = Embedder.similarity(vectors.get(2 * i), vectors.get(2 * i + 1));
      }
    }
    // a similarity is on no scale of people's scores: errors would say nothing
    return new ChosenMeasure(
        Correlation.measure(similarities, scores), List.of("pearson", "spearman", "kendall"));
  }

  private double score(Example pair) {
    for (String name : List.of("sentence1", "sentence2")) {
      String sentence = pair.text(name);
      if (sentence.isBlank()) {
        throw new BadInputException(pair.place() + ": expected two sentences, got an empty one");
      }
      texts.add(sentence);
    }
    String given = pair.text("score");
    try {
      double score = Double.parseDouble(given);
      if (Double.isFinite(score)) {
        return score;
      }
    } catch (NumberFormatException _) {
      // The message below says what came.
    }
    throw new BadInputException(pair.place() + ": expected a number as score, got " + given);
  }

  @Override
  Map<String, Double> further() {
    return cut == 0 ? Map.of() : Map.of("cut", (double) cut);
  }

  @Override
  Map<String, Object> told(int item) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("sentence1", texts.get(2 * item));
    told.put("sentence2", texts.get(2 * item + 1));
    told.put("score", scores[item]);
    told.put("similarity", similarities[item]);
    return told;
  }
}
