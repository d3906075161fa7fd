package dev.heed.cli.evaluate;

import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import dev.heed.cli.UsageException;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.EntityScore;
import dev.heed.evaluate.TagScheme;
import dev.heed.model.ModelFiles;
import dev.heed.task.EntityFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed evaluate entities}. */
@Command(
    name = "entities",
    description = {
      "Entity precision, recall and F1 at seqeval's values.",
      "Files as of CoNLL: a token a line, its tag in the last column, a blank line between"
          + " sentences.",
      "With DATA and --model a model tags the words of DATA, whose tags are right."
    },
    footer = {
      "",
      "Examples:",
      "  heed evaluate entities --predictions out.conll --references gold.conll --scheme iob2",
      "  heed evaluate entities wikigold-valid.tsv --model bert-base-NER"
    })
public final class EntitiesCommand extends MeasureCommand {
  @Option(
      names = ReferenceOption.NAME,
      paramLabel = "FILE",
      description = "What is right, in the same order.")
  private @Nullable Path references;

  @Mixin private ModelData source = new ModelData();

  private List<Map<String, Object>> told = List.of();

  @Option(
      names = "--scheme",
      paramLabel = "NAME",
      description = {
        "lenient as conlleval, or strict: iob1, iob2, ioe1, ioe2, iobes, bilou",
        "(default: ${DEFAULT-VALUE})."
      })
  private String scheme = "lenient";

  private TagScheme scheme() {
    try {
      return TagScheme.named(scheme);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--scheme: " + e.getMessage());
    }
  }

  @Override
  CorpusMeasure measure(String option, Path file) {
    if (references == null) {
      throw new UsageException("Missing required option: '--references=FILE'");
    }
    TagScheme named = scheme();
    List<List<String>> actual = tags(sentences(ReferenceOption.NAME, references));
    List<List<String>> predicted = tags(sentences(option, file));
    EvaluationFiles.requireSame(option, file, predicted.size(), actual.size());
    return EntityScore.measure(named, actual, predicted);
  }

  /** The model that is named, or the one that Heed carries. */
  private ModelFiles files() {
    return source.isNamed() ? source.files() : ModelFiles.carried("entities");
  }

  @Override
  @Nullable CorpusMeasure ofModel() {
    if (!source.isGiven()) {
      return null;
    }
    TagScheme named = scheme();
    List<List<Tagged>> examples = source.limited(sentences("DATA", source.data()));
    List<List<String>> predicted;
    try (EntityFinder finder = EntityFinder.open(files(), source.dtype())) {
      predicted =
          source.answers(
              "entities",
              examples,
              part -> part.stream().map(words -> finder.tag(words(words))).toList(),
              List.of(),
              err());
    }
    List<List<String>> whole = new ArrayList<>();
    List<Map<String, Object>> shown = new ArrayList<>();
    for (int i = 0; i < examples.size(); i++) {
      List<Tagged> example = examples.get(i);
      List<String> given = predicted.get(i);
      // a sentence that failed has no entity
      whole.add(given.isEmpty() ? Collections.nCopies(example.size(), "O") : given);
      shown.add(Map.of("words", words(example), "prediction", whole.getLast()));
    }
    told = shown;
    return EntityScore.measure(named, tags(examples), whole);
  }

  @Override
  Map<String, Object> told(int item) {
    return told.isEmpty() ? Map.of() : told.get(item);
  }

  @Override
  Map<String, Double> further() {
    return source.further();
  }

  @Override
  int status() {
    return source.status();
  }

  /** A word and its tag. */
  private record Tagged(String word, String tag) {}

  private static List<String> words(List<Tagged> sentence) {
    return sentence.stream().map(Tagged::word).toList();
  }

  private static List<List<String>> tags(List<List<Tagged>> sentences) {
    return sentences.stream().map(sentence -> sentence.stream().map(Tagged::tag).toList()).toList();
  }

  private static List<List<Tagged>> sentences(String option, Path file) {
    List<List<Tagged>> sentences = new ArrayList<>();
    List<Tagged> sentence = new ArrayList<>();
    for (Line line : Lines.all(option, file)) {
      String text = line.text().strip();
      if (!text.isEmpty()) {
        String[] columns = text.split("\\s+");
        sentence.add(new Tagged(columns[0], columns[columns.length - 1]));
      } else if (!sentence.isEmpty()) {
        sentences.add(sentence);
        sentence = new ArrayList<>();
      }
    }
    if (!sentence.isEmpty()) {
      sentences.add(sentence);
    }
    return sentences;
  }
}
