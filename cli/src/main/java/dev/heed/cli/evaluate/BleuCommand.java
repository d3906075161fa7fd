package dev.heed.cli.evaluate;

import dev.heed.cli.UsageException;
import dev.heed.evaluate.Bleu;
import dev.heed.evaluate.Bleu.Smoothing;
import dev.heed.evaluate.BleuTokenizer;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.References;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate bleu}. */
@Command(
    name = "bleu",
    description = "BLEU of translations, one a line, at sacrebleu's values and with its signature.",
    footer = {
      "",
      "Example:",
      "  heed evaluate bleu --predictions out.de --references ref.de --items lines.jsonl"
    })
public final class BleuCommand extends TextMeasureCommand {
  @Option(
      names = "--tokenizer",
      paramLabel = "NAME",
      description = "13a, intl, char, zh or none (default: ${DEFAULT-VALUE}).")
  private String tokenizer = "13a";

  @Option(names = "--lowercase", description = "Ignore case.")
  private boolean lowercase;

  @Option(
      names = "--smoothing",
      paramLabel = "NAME",
      description = "exp, floor, add-k or none (default: ${DEFAULT-VALUE}).")
  private String smoothing = "exp";

  @Option(
      names = "--smooth-value",
      paramLabel = "X",
      description = "For floor (default: 0.1) and add-k (default: 1).")
  private double smoothValue = Double.NaN;

  @Option(
      names = "--max-order",
      paramLabel = "N",
      description = "The longest n-grams (default: ${DEFAULT-VALUE}).")
  private int maxOrder = 4;

  @Option(
      names = "--effective-order",
      description = "Leave out orders that texts are too short for.")
  private boolean effectiveOrder;

  @Override
  CorpusMeasure measure(List<String> predictions, References references) {
    return bleu().measure(predictions, references);
  }

  @Override
  String signature() {
    return bleu().signature(references());
  }

  private Bleu bleu() {
    Smoothing named =
        Arrays.stream(Smoothing.values())
            .filter(value -> value.code().equals(smoothing))
            .findFirst()
            .orElseThrow(() ->
                new UsageException(
                    "--smoothing: expected exp, floor, add-k or none, got " + smoothing));
    try {
      return new Bleu(
          BleuTokenizer.named(tokenizer), lowercase, named, smoothValue, maxOrder, effectiveOrder);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
