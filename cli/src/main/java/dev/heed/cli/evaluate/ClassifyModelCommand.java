package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.evaluate.Confusion;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.Classifier;
import dev.heed.task.TextPair;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.List;
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
    extends ModelMeasureCommand<ClassifyModelCommand.Labelled, String> {
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
  Asked<Labelled, String> open(ModelFiles files, @Nullable DType dtype) {
    Classifier classifier = Classifier.open(files, dtype);
    labels = classifier.labels();
    return new Asked<>() {
      @Override
      public List<String> apply(List<Labelled> examples) {
        List<Classification> told =
            classifier.classify(examples.stream().map(Labelled::text).toList());
        countCut(told.stream().filter(Classification::cut).count());
        return told.stream().map(Classification::best).map(Classification.Label::name).toList();
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

  @Override
  String wrong() {
    return "";
  }

  @Override
  CorpusMeasure measure(List<Labelled> examples, List<String> answers) {
    List<String> actual = examples.stream().map(this::name).toList();
    return Confusion.measure(Confusion.occurring(actual, answers), actual, answers);
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
  Map<String, Object> told(Labelled example, String answer) {
    return Map.of("text", example.text().first(), "label", name(example), "prediction", answer);
  }
}
