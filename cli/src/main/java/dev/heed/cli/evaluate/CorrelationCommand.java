package dev.heed.cli.evaluate;

import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.Correlation;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heed evaluate correlation}. */
@Command(
    name = "correlation",
    description = {
      "Pearson's, Spearman's and Kendall's correlation, and the errors of predicted numbers.",
      "Files of one number a line."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate correlation --predictions out.txt --references gold.txt"
    })
public final class CorrelationCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Override
  CorpusMeasure measure(String option, Path file) {
    double[] actual = EvaluationFiles.numbers(ReferenceOption.NAME, references.file());
    double[] predicted = EvaluationFiles.numbers(option, file);
    EvaluationFiles.requireSame(option, file, predicted.length, actual.length);
    return Correlation.measure(predicted, actual);
  }
}
