package dev.heed.cli.evaluate;

import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.cli.UsageException;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.EntityScore;
import dev.heed.evaluate.TagScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed evaluate entities}. */
@Command(
    name = "entities",
    description = {
      "Entity precision, recall and F1 at seqeval's values.",
      "Files as of CoNLL: a token a line, its tag in the last column, a blank line between"
          + " sentences."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate entities --predictions out.conll --references gold.conll --scheme iob2"
    })
public final class EntitiesCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Option(
      names = "--scheme",
      paramLabel = "NAME",
      description = {
        "lenient as conlleval, or strict: iob1, iob2, ioe1, ioe2, iobes, bilou",
        "(default: ${DEFAULT-VALUE})."
      })
  private String scheme = "lenient";

  @Override
  CorpusMeasure measure(String option, Path file) {
    TagScheme named;
    try {
      named = TagScheme.named(scheme);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--scheme: " + e.getMessage());
    }
    List<List<String>> actual = sentences(ReferenceOption.NAME, references.file());
    List<List<String>> predicted = sentences(option, file);
    EvaluationFiles.requireSame(option, file, predicted.size(), actual.size());
    return EntityScore.measure(named, actual, predicted);
  }

  private static List<List<String>> sentences(String option, Path file) {
    List<List<String>> sentences = new ArrayList<>();
    List<String> tags = new ArrayList<>();
    for (Line line : Lines.all(option, file)) {
      String text = line.text().strip();
      if (!text.isEmpty()) {
        String[] columns = text.split("\\s+");
        tags.add(columns[columns.length - 1]);
      } else if (!tags.isEmpty()) {
        sentences.add(tags);
        tags = new ArrayList<>();
      }
    }
    if (!tags.isEmpty()) {
      sentences.add(tags);
    }
    return sentences;
  }
}
