package dev.heed.cli.evaluate;

import dev.heed.cli.Lines;
import dev.heed.evaluate.Calibration;
import dev.heed.evaluate.CorpusMeasure;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed evaluate calibration}. */
@Command(
    name = "calibration",
    description = {
      "Whether a classifier is right as often as it is sure: calibration errors, Brier's score,"
          + " nll.",
      "Predictions: the probabilities of all classes, one item a line; references: its class from"
          + " 0."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate calibration --predictions p.txt --references gold.txt"
    })
public final class CalibrationCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Option(
      names = "--bins",
      paramLabel = "N",
      description = "Bins of confidence (default: ${DEFAULT-VALUE}).")
  private int bins = 15;

  @Override
  CorpusMeasure measure(String option, Path file) {
    Path gold = references.file();
    int[] labels =
        Lines.of(ReferenceOption.NAME, gold).stream()
            .mapToInt(line ->
                EvaluationFiles.integer(ReferenceOption.NAME, gold, line, line.text().strip()))
            .toArray();
    double[][] probabilities = EvaluationFiles.rows(option, file);
    EvaluationFiles.requireSame(option, file, probabilities.length, labels.length);
    return Calibration.measure(bins, probabilities, labels);
  }
}
