package dev.heed.cli.evaluate;

import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.evaluate.AlignmentScore;
import dev.heed.evaluate.AlignmentScore.Link;
import dev.heed.evaluate.CorpusMeasure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern LINK = Pattern.compile("([0-9]{1,9})([-p?])([0-9]{1,9})");

  @Mixin private ReferenceOption references = new ReferenceOption();

  /** The links of one sentence. */
  private record Links(Set<Link> sure, Set<Link> possible) {}

  @Override
  CorpusMeasure measure(String option, Path file) {
    List<Links> gold = links(ReferenceOption.NAME, references.file(), true);
    List<Links> found = links(option, file, false);
    EvaluationFiles.requireSame(option, file, found.size(), gold.size());
    List<AlignmentScore> scores = new ArrayList<>();
    for (int i = 0; i < gold.size(); i++) {
      scores.add(AlignmentScore.of(found.get(i).sure, gold.get(i).sure, gold.get(i).possible));
    }
    return AlignmentScore.measure(scores);
  }

  private static List<Links> links(String option, Path file, boolean possibleToo) {
    List<Links> all = new ArrayList<>();
    for (Line line : Lines.all(option, file)) {
      Links links = new Links(new HashSet<>(), new HashSet<>());
      for (String text : line.text().strip().split("\\s+")) {
        Matcher matcher = LINK.matcher(text);
        if (!text.isEmpty() && (!matcher.matches() || !(possibleToo || text.contains("-")))) {
          throw EvaluationFiles.wrong(
              option,
              file,
              line,
              possibleToo ? "links such as 0-1 or 0p1" : "links such as 0-1",
              text);
        }
        if (!text.isEmpty()) {
          Link link =
              new Link(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(3)));
          (text.contains("-") ? links.sure : links.possible).add(link);
        }
      }
      all.add(links);
    }
    return all;
  }
}
