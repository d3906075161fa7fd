package dev.heed.cli.evaluate;

import dev.heed.cli.UsageException;
import dev.heed.evaluate.Chrf;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.References;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate chrf}. */
@Command(
    name = "chrf",
    description = "chrF or chrF++ of translations, one a line, at sacrebleu's values.",
    footer = {
      "",
      "Example (chrF++):",
      "  heed evaluate chrf --predictions out.de --references ref.de --word-order 2"
    })
public final class ChrfCommand extends TextMeasureCommand {
  @Option(
      names = "--char-order",
      paramLabel = "N",
      description = "The longest sequence of characters (default: ${DEFAULT-VALUE}).")
  private int characterOrder = 6;

  @Option(
      names = "--word-order",
      paramLabel = "N",
      description = "The longest sequence of words; 2 for chrF++ (default: ${DEFAULT-VALUE}).")
  private int wordOrder;

  @Option(
      names = "--beta",
      paramLabel = "X",
      description = "How much more recall counts than precision (default: ${DEFAULT-VALUE}).")
  private double beta = 2;

  @Option(names = "--lowercase", description = "Ignore case.")
  private boolean lowercase;

  @Option(names = "--whitespace", description = "Count white space as characters.")
  private boolean whitespace;

  @Option(names = "--eps-smoothing", description = "Count orders without n-grams as 1e-16.")
  private boolean epsilonSmoothing;

  @Override
  CorpusMeasure measure(List<String> predictions, References references) {
    return chrf().measure(predictions, references);
  }

  @Override
  String signature() {
    return chrf().signature(references());
  }

  private Chrf chrf() {
    try {
      return new Chrf(characterOrder, wordOrder, beta, lowercase, whitespace, epsilonSmoothing);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
