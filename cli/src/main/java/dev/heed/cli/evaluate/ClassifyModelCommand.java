package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.Classifier;
import dev.heed.task.TextPair;
import dev.heed.tensor.DType;
import java.nio.file.Path;
import java.util.List;
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
public final class ClassifyModelCommand extends ClassesModelCommand<TextPair> {
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

  @Override
  TextPair content(Path file, Example example) {
    return pair(example);
  }

  @Override
  String told(TextPair content) {
    return content.first();
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

  /** The model that Heed carries. */
  @Override
  ModelFiles usual() {
    return ModelFiles.carried("sentiment");
  }

  @Override
  Asked<Labelled<TextPair>, Classification> open(ModelFiles files, @Nullable DType dtype) {
    Classifier classifier = Classifier.open(files, dtype);
    try {
      requireClasses(classifier.labels(), classifier.problem());
    } catch (BadInputException e) {
      classifier.close();
      throw e;
    }
    return new Asked<>() {
      @Override
      public List<Classification> apply(List<Labelled<TextPair>> examples) {
        List<Classification> told =
            classifier.classify(examples.stream().map(Labelled::content).toList());
        countCut(told.stream().filter(Classification::cut).count());
        return told;
      }

      @Override
      public void close() {
        classifier.close();
      }
    };
  }
}
