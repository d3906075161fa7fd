package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.evaluate.Calibration;
import dev.heed.evaluate.Confusion;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.JointMeasure;
import dev.heed.model.ModelFiles;
import dev.heed.model.head.ClassifierHead.Problem;
import dev.heed.task.Classification;
import dev.heed.task.Classifier;
import dev.heed.task.TextPair;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate classify}. */
@Command(
    name = "classify",
    description = {
      "A model's classes of texts: accuracy, balanced accuracy, macro F1, Matthews' coefficient.",
      "DATA: lines of JSON, or cells below a header; label is a class's name or number."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate classify sst2-valid.tsv --model sst2 --items wrong.jsonl"
    })
public final class ClassifyModelCommand
    extends ModelMeasureCommand<ClassifyModelCommand.Labelled, Classification> {
  @Option(
      names = "--text",
      paramLabel = "NAME",
      description = "The field of the text (default: text, sentence, sentence1 or premise).")
  private @Nullable String text;

  @Option(
      names = "--pair",
      paramLabel = "NAME",
      description = "The field of a second text (default: sentence2 or hypothesis).")
  private @Nullable String pair;

  @Option(
      names = "--label",
      paramLabel = "NAME",
      description = "The field of the class (default: ${DEFAULT-VALUE}).")
  private String label = "label";

  /** As {@code heed evaluate calibration} has them. */
  private static final int BINS = 15;

  private List<String> labels = List.of();

  /** A text and what it is. */
  record Labelled(String place, TextPair text, String label) {}

  @Override
  List<Labelled> examples(Path file) {
    return ExampleFile.read(file, true).stream()
        .map(example -> new Labelled(example.place(), pair(example), example.text(label)))
        .toList();
  }

  private TextPair pair(Example example) {
    String first =
        text == null
            ? example.text("text", "sentence", "sentence1", "premise")
            : example.text(text);
    if (pair != null) {
      return new TextPair(first, example.text(pair));
    }
    for (String name : List.of("sentence2", "hypothesis")) {
      if (example.has(name)) {
        return new TextPair(first, example.text(name));
      }
    }
    return TextPair.of(first);
  }

  @Override
  Asked<Labelled, Classification> open(ModelFiles files, @Nullable DType dtype) {
    Classifier classifier = Classifier.open(files, dtype);
    labels = classifier.labels();
    if (classifier.problem() != Problem.SINGLE_LABEL_CLASSIFICATION) {
      Problem problem = classifier.problem();
      classifier.close();
      throw new BadInputException(
          "--model: expected a model whose classes exclude each other, got one of "
              + problem.name().toLowerCase(Locale.ROOT)
              + "; write its answers with heed classify --json and measure them by multilabel or"
              + " correlation");
    }
    return new Asked<>() {
      @Override
      public List<Classification> apply(List<Labelled> examples) {
        List<Classification> told =
            classifier.classify(examples.stream().map(Labelled::text).toList());
        countCut(told.stream().filter(Classification::cut).count());
        return told;
      }

      @Override
      public void close() {
        classifier.close();
      }
    };
  }

  @Override
  void check(List<Labelled> examples) {
    examples.forEach(this::name);
  }

  /** A failure is of a class that there is not. */
  @Override
  Classification wrong() {
    return new Classification(List.of(new Classification.Label("", 0)), List.of(), false);
  }

  @Override
  CorpusMeasure measure(List<Labelled> examples, List<Classification> answers) {
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
  private String name(Labelled example) {
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
  Map<String, Object> told(Labelled example, Classification answer) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("text", example.text().first());
    told.put("label", name(example));
    told.put("prediction", answer.best().name());
    told.put("probability", answer.best().score());
    return told;
  }
}
