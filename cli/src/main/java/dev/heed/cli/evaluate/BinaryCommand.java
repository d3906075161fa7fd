package dev.heed.cli.evaluate;

import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.evaluate.BinaryScores;
import dev.heed.evaluate.CorpusMeasure;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heed evaluate binary}. */
@Command(
    name = "binary",
    description = {
      "Area under the ROC curve, average precision and Brier's score of scores.",
      "Predictions: one score a line; references: 1 for a positive item, 0 for a negative one."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate binary --predictions scores.txt --references gold.txt"
    })
public final class BinaryCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Override
  CorpusMeasure measure(String option, Path file) {
    List<Line> lines = Lines.of(ReferenceOption.NAME, references.file());
    boolean[] positive = new boolean[lines.size()];
    for (int i = 0; i < positive.length; i++) {
      String text = lines.get(i).text().strip();
      if (!text.equals("0") && !text.equals("1")) {
        throw EvaluationFiles.wrong(
            ReferenceOption.NAME, references.file(), lines.get(i), "0 or 1", text);
      }
      positive[i] = text.equals("1");
    }
    double[] scores = EvaluationFiles.numbers(option, file);
    EvaluationFiles.requireSame(option, file, scores.length, positive.length);
    return new BinaryScores(positive, scores).measure();
  }
}
