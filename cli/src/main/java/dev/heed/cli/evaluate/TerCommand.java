package dev.heed.cli.evaluate;

import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.References;
import dev.heed.evaluate.Ter;
import dev.heed.evaluate.TerTokenizer;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate ter}. */
@Command(
    name = "ter",
    description = "Translation edit rate in percent, at sacrebleu's (Tercom's) values.",
    footer = {"", "Example:", "  heed evaluate ter --predictions out.de --references ref.de"})
public final class TerCommand extends TextMeasureCommand {
  @Option(names = "--normalized", description = "Set punctuation apart, resolve XML entities.")
  private boolean normalized;

  @Option(names = "--no-punct", description = "Remove punctuation.")
  private boolean withoutPunctuation;

  @Option(names = "--asian", description = "Treat East Asian characters in the same way.")
  private boolean asian;

  @Option(names = "--case-sensitive", description = "Tell case apart.")
  private boolean caseSensitive;

  @Override
  CorpusMeasure measure(List<String> predictions, References references) {
    return ter().measure(predictions, references);
  }

  @Override
  String signature() {
    return ter().signature(references());
  }

  private Ter ter() {
    return new Ter(new TerTokenizer(normalized, withoutPunctuation, asian, caseSensitive));
  }
}
