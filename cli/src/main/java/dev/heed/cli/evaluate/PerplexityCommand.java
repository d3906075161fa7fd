package dev.heed.cli.evaluate;

import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.TextLikelihood;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heed evaluate perplexity}. */
@Command(
    name = "perplexity",
    description = {
      "Perplexity by token and word, and bits by token, byte and character.",
      "Predictions: the natural log-probabilities of the tokens of a text, one text a line;",
      "references: the texts, one a line."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate perplexity --predictions logp.txt --references texts.txt"
    })
public final class PerplexityCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Override
  CorpusMeasure measure(String option, Path file) {
    List<String> texts = EvaluationFiles.texts(ReferenceOption.NAME, references.file());
    double[][] logs = EvaluationFiles.rows(option, file);
    EvaluationFiles.requireSame(option, file, logs.length, texts.size());
    return TextLikelihood.measure(
        IntStream.range(0, logs.length)
            .mapToObj(i -> TextLikelihood.of(texts.get(i), logs[i]))
            .toList());
  }
}
