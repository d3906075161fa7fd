package dev.heed.cli.evaluate;

import dev.heed.cli.UsageException;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.References;
import dev.heed.evaluate.Rouge;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate rouge}. */
@Command(
    name = "rouge",
    description = {
      "ROUGE F-scores of summaries, one a line, at rouge-score's values; of several references",
      "the best counts. In a line, \\n ends a sentence for rougeLsum."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate rouge --predictions out.txt --references ref.txt --stem"
    })
public final class RougeCommand extends TextMeasureCommand {
  @Option(
      names = "--variants",
      paramLabel = "NAME,…",
      split = ",",
      hideParamSyntax = true,
      description = "rouge1 to rouge9, rougeL, rougeLsum (default: ${DEFAULT-VALUE}).")
  private List<String> variants = List.of("rouge1", "rouge2", "rougeL", "rougeLsum");

  @Option(names = "--stem", description = "Cut words to their stems.")
  private boolean stemmed;

  @Override
  CorpusMeasure measure(List<String> predictions, References references) {
    List<Rouge.Variant> named;
    try {
      named = variants.stream().map(Rouge::named).toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--variants: " + e.getMessage());
    }
    return new Rouge(stemmed)
        .measure(
            named,
            predictions.stream().map(RougeCommand::sentences).toList(),
            new References(
                references.ofItems().stream()
                    .map(texts -> texts.stream().map(RougeCommand::sentences).toList())
                    .toList()));
  }

  private static String sentences(String line) {
    return line.replace("\\n", "\n");
  }
}
