package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.UsageException;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.TextLikelihood;
import dev.heed.task.TextScorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed evaluate perplexity}. */
@Command(
    name = "perplexity",
    description = {
      "Perplexity by token and word, and bits by token, byte and character.",
      "Predictions: the natural log-probabilities of the tokens of a text, one text a line;",
      "references: the texts, one a line.",
      "With DATA and --model a model is asked for them: a decoder of each token after those before"
          + " it, one of hidden words (BERT) of each token given all others, an encoder-decoder of"
          + " what it should write, each line a source, a tab and that. A text that fails does not"
          + " count."
    },
    footer = {
      "",
      "Examples:",
      "  heed evaluate perplexity --predictions logp.txt --references texts.txt",
      "  heed evaluate perplexity tinyshakespeare/valid.txt --whole --model gpt2"
    })
public final class PerplexityCommand extends MeasureCommand {
  @Option(names = ReferenceOption.NAME, paramLabel = "FILE", description = "The texts, one a line.")
  private @Nullable Path references;

  @Option(names = "--whole", description = "DATA is one text, not one a line.")
  private boolean whole;

  @Mixin private ModelData source = new ModelData();

  private List<String> texts = List.of();

  @Override
  CorpusMeasure measure(String option, Path file) {
    if (references == null) {
      throw new UsageException("Missing required option: '--references=FILE'");
    }
    List<String> texts = EvaluationFiles.texts(ReferenceOption.NAME, references);
    double[][] logs = EvaluationFiles.rows(option, file);
    EvaluationFiles.requireSame(option, file, logs.length, texts.size());
    return TextLikelihood.measure(
        IntStream.range(0, logs.length)
            .mapToObj(i -> TextLikelihood.of(texts.get(i), logs[i]))
            .toList());
  }

  @Override
  @Nullable CorpusMeasure ofModel() {
    if (!source.isGiven()) {
      return null;
    }
    List<String> lines = EvaluationFiles.texts("DATA", source.data());
    List<String> filled = lines.stream().filter(line -> !line.isBlank()).toList();
    texts = whole ? List.of(String.join("\n", lines) + "\n") : List.copyOf(source.limited(filled));
    if (filled.isEmpty()) {
      throw new BadInputException(source.data() + ": expected a text or more, got none");
    }
    try (TextScorer scorer = TextScorer.open(source.files(), source.dtype())) {
      return TextLikelihood.measure(
          source.answers(
              "perplexity",
              texts,
              part -> part.stream().map(text -> score(scorer, text)).toList(),
              new TextLikelihood(0, 0, 0, 0, 0),
              err()));
    }
  }

  private static TextLikelihood score(TextScorer scorer, String text) {
    if (!scorer.needsSource()) {
      return scorer.score(text);
    }
    String[] both = text.split("\t", -1);
    if (both.length != 2) {
      throw new BadInputException(
          "expected a source and what is written of it, with a tab between them, got "
              + both.length
              + (both.length == 1 ? " text" : " texts"));
    }
    return scorer.score(both[0], both[1]);
  }

  @Override
  Map<String, Object> told(int item) {
    return texts.isEmpty() ? Map.of() : Map.of("text", texts.get(item));
  }

  @Override
  Map<String, Double> further() {
    return source.further();
  }

  @Override
  int status() {
    return source.status();
  }
}
