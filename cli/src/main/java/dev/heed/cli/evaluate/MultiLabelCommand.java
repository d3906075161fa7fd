package dev.heed.cli.evaluate;

import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.MultiLabelScore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code heed evaluate multilabel}. */
@Command(
    name = "multilabel",
    description = {
      "Subset accuracy, Hamming loss and F1 (micro, macro, weighted, by item) of sets of labels.",
      "Files of one item a line, its labels separated by commas; an empty line has none."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate multilabel --predictions out.txt --references gold.txt"
    })
public final class MultiLabelCommand extends MeasureCommand {
  @Mixin private ReferenceOption references = new ReferenceOption();

  @Override
  CorpusMeasure measure(String option, Path file) {
    List<Set<String>> actual = sets(ReferenceOption.NAME, references.file());
    List<Set<String>> predicted = sets(option, file);
    EvaluationFiles.requireSame(option, file, predicted.size(), actual.size());
    Set<String> labels = new TreeSet<>();
    actual.forEach(labels::addAll);
    predicted.forEach(labels::addAll);
    return MultiLabelScore.measure(flags(actual, labels), flags(predicted, labels));
  }

  private static List<Set<String>> sets(String option, Path file) {
    return EvaluationFiles.texts(option, file).stream()
        .map(line ->
            Arrays.stream(line.split(","))
                .map(String::strip)
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toSet()))
        .toList();
  }

  private static boolean[][] flags(List<Set<String>> items, Set<String> labels) {
    List<String> ordered = List.copyOf(new TreeSet<>(labels));
    boolean[][] flags = new boolean[items.size()][ordered.size()];
    for (int item = 0; item < flags.length; item++) {
      for (int label = 0; label < ordered.size(); label++) {
        flags[item][label] = items.get(item).contains(ordered.get(label));
      }
    }
    return flags;
  }
}
