package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.evaluate.Calibration;
import dev.heed.evaluate.Confusion;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.JointMeasure;
import dev.heed.model.head.ClassifierHead.Problem;
import dev.heed.task.Classification;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * A model's classes of examples, measured as {@code classification} and {@code calibration} are.
 *
 * @param <T> what an example holds besides its class
 */
abstract class ClassesModelCommand<T>
    extends ModelMeasureCommand<ClassesModelCommand.Labelled<T>, Classification> {
  @Option(
      names = "--label",
      paramLabel = "NAME",
      description = "The field of the class (default: ${DEFAULT-VALUE}).")
  private String label = "label";

  /** As {@code heed evaluate calibration} has them. */
  private static final int BINS = 15;

  private List<String> labels = List.of();

  /**
   * An example and its class.
   *
   * @param place its file and line, for messages
   */
  record Labelled<T>(String place, T content, String label) {}

  /** What an example of a file holds besides its class. */
  abstract T content(Path file, Example example);

  /** What is written of it. */
  abstract String told(T content);

  @Override
  final List<Labelled<T>> examples(Path file) {
    return ExampleFile.read(file, true).stream()
        .map(
            example -> new Labelled<>(example.place(), content(file, example), example.text(label)))
        .toList();
  }

  /**
   * Takes the model's classes.
   *
   * @throws BadInputException where they do not exclude each other
   */
  final void requireClasses(List<String> names, Problem problem) {
    labels = names;
    if (problem != Problem.SINGLE_LABEL_CLASSIFICATION) {
      throw new BadInputException(
          "--model: expected a model whose classes exclude each other, got one of "
              + problem.name().toLowerCase(Locale.ROOT)
              + "; write its answers with --json and measure them by multilabel or correlation");
    }
  }

  @Override
  final void check(List<Labelled<T>> examples) {
    examples.forEach(this::name);
  }

  /** A failure is of a class that there is not. */
  @Override
  final Classification wrong() {
    return new Classification(List.of(new Classification.Label("", 0)), List.of(), false, 0);
  }

  @Override
  final CorpusMeasure measure(List<Labelled<T>> examples, List<Classification> answers) {
    List<String> actual = examples.stream().map(this::name).toList();
    List<String> said = answers.stream().map(answer -> answer.best().name()).toList();
    CorpusMeasure classes = Confusion.measure(Confusion.occurring(actual, said), actual, said);
    return said.contains("") || labels.size() < 2
        ? classes
        : new JointMeasure(List.of(classes, calibration(actual, answers)));
  }

  /** How far probabilities are to be believed; only where every example has some. */
  private CorpusMeasure calibration(List<String> actual, List<Classification> answers) {
    double[][] probabilities = new double[answers.size()][labels.size()];
    for (int i = 0; i < probabilities.length; i++) {
      for (Classification.Label each : answers.get(i).labels()) {
        probabilities[i][labels.indexOf(each.name())] = each.score();
      }
    }
    return Calibration.measure(
        BINS, probabilities, actual.stream().mapToInt(labels::indexOf).toArray());
  }

  /** A label as the model calls it. */
  private String name(Labelled<T> example) {
    for (String name : labels) {
      if (name.equalsIgnoreCase(example.label())) {
        return name;
      }
    }
    if (example.label().matches("\\d{1,6}") && Integer.parseInt(example.label()) < labels.size()) {
      return labels.get(Integer.parseInt(example.label()));
    }
    throw new BadInputException(
        example.place()
            + ": expected one of the model's classes "
            + labels
            + " or its number, got "
            + example.label());
  }

  @Override
  final Map<String, Object> told(Labelled<T> example, Classification answer) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("text", told(example.content()));
    told.put("label", name(example));
    told.put("prediction", answer.best().name());
    told.put("probability", answer.best().score());
    return told;
  }
}
