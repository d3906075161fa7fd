package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.evaluate.ExampleFile.Example;
import dev.heed.model.ModelFiles;
import dev.heed.task.Classification;
import dev.heed.task.ImageClassifier;
import dev.heed.tensor.DType;
import dev.heed.vision.ImageDecoder;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code heed evaluate see}. */
@Command(
    name = "see",
    description = {
      "A model's classes of images: accuracy, balanced accuracy, macro F1, calibration.",
      "DATA: lines of JSON, or cells below a header, with file (its name beside DATA) and label."
    },
    footer = {"", "Example:", "  heed evaluate see valid.tsv --model vit-base-patch16-224"})
public final class SeeModelCommand extends ClassesModelCommand<Path> {
  @Option(
      names = "--image",
      paramLabel = "NAME",
      description = "The field of the image's file (default: file or image).")
  private @Nullable String image;

  @Override
  Path content(Path file, Example example) {
    return file.resolveSibling(image == null ? example.text("file", "image") : example.text(image));
  }

  @Override
  String told(Path content) {
    return content.toString();
  }

  /** The model that Heed carries. */
  @Override
  ModelFiles usual() {
    return ModelFiles.carried("digits");
  }

  @Override
  Asked<Labelled<Path>, Classification> open(ModelFiles files, @Nullable DType dtype) {
    ImageClassifier classifier = ImageClassifier.open(files, dtype);
    if (classifier.note() != null) {
      err().println("heed: " + classifier.note());
    }
    try {
      requireClasses(classifier.labels(), classifier.problem());
    } catch (BadInputException e) {
      classifier.close();
      throw e;
    }
    return new Asked<>() {
      @Override
      public List<Classification> apply(List<Labelled<Path>> examples) {
        return classifier.classify(
            examples.stream()
                .map(example -> ImageDecoder.installed().read(example.content()))
                .toList());
      }

      @Override
      public void close() {
        classifier.close();
      }
    };
  }
}
