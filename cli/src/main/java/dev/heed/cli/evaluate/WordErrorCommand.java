package dev.heed.cli.evaluate;

import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.ErrorRate;
import dev.heed.evaluate.References;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code heed evaluate wer}. */
@Command(
    name = "wer",
    description = {
      "Word error rate of transcripts, one a line, with match error rate and information lost;",
      "of several references the nearest counts. Case and punctuation are told apart."
    },
    footer = {"", "Example:", "  heed evaluate wer --predictions heard.txt --references said.txt"})
public final class WordErrorCommand extends TextMeasureCommand {
  @Override
  CorpusMeasure measure(List<String> predictions, References references) {
    return ErrorRate.measure(ErrorRate.Unit.WORD, predictions, references);
  }
}
