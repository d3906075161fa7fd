package dev.heed.cli.evaluate;

import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.evaluate.AlignmentScore;
import dev.heed.evaluate.CorpusMeasure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heed evaluate alignment}. */
@Command(
    name = "alignment",
    description = {
      "Alignment error rate, precision and recall of word alignments.",
      "Pharaoh files: for each sentence a line of links such as 0-0 1-2; in references, 1p2 or 1?2",
      "is a link that is possible but not sure."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate alignment --predictions out.align --references gold.align"
    })
public final class AlignmentCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Override
  CorpusMeasure measure(String option, Path file) {
    List<AlignmentLinks> gold = links(ReferenceOption.NAME, references.file(), true);
    List<AlignmentLinks> found = links(option, file, false);
    EvaluationFiles.requireSame(option, file, found.size(), gold.size());
    List<AlignmentScore> scores = new ArrayList<>();
    for (int i = 0; i < gold.size(); i++) {
      scores.add(gold.get(i).score(found.get(i).sure()));
    }
    return AlignmentScore.measure(scores);
  }

  private static List<AlignmentLinks> links(String option, Path file, boolean possibleToo) {
    List<AlignmentLinks> all = new ArrayList<>();
    for (Line line : Lines.all(option, file)) {
      AlignmentLinks links = AlignmentLinks.of(line.text());
      if (links == null || !possibleToo && !links.possible().isEmpty()) {
        throw EvaluationFiles.wrong(
            option,
            file,
            line,
            possibleToo ? "links such as 0-1 or 0p1" : "links such as 0-1",
            line.text());
      }
      all.add(links);
    }
    return all;
  }
}
