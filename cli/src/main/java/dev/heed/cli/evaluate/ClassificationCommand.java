package dev.heed.cli.evaluate;

import dev.heed.evaluate.Confusion;
import dev.heed.evaluate.CorpusMeasure;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heed evaluate classification}. */
@Command(
    name = "classification",
    description = {
      "Accuracy, balanced accuracy, macro and weighted F1, Matthews' coefficient and Cohen's"
          + " kappa.",
      "Files of one label a line."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate classification --predictions out.txt --references gold.txt --baseline"
          + " old.txt"
    })
public final class ClassificationCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Override
  CorpusMeasure measure(String option, Path file) {
    List<String> actual = EvaluationFiles.labels(ReferenceOption.NAME, references.file());
    List<String> predicted = EvaluationFiles.labels(option, file);
    EvaluationFiles.requireSame(option, file, predicted.size(), actual.size());
    return Confusion.measure(Confusion.occurring(actual, predicted), actual, predicted);
  }
}
