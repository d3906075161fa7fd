package dev.heed.cli.evaluate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A model that writes a text from another, measured against what would have been right. */
abstract class WrittenModelCommand
    extends ModelMeasureCommand<WrittenModelCommand.Written, String> {
  @Option(names = "--header", description = "The first line of cells names them.")
  private boolean header;

  @Option(
      names = "--beams",
      paramLabel = "N",
      description = "Search with N beams (default: as the model's files say).")
  private @Nullable Integer beams;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Most tokens to write (default: as the model's files say, else 256).")
  private @Nullable Integer most;

  /** A source and what would have been right. */
  record Written(String source, List<String> references) {}

  /** The names of the source's field; one of several texts is joined. */
  abstract String[] sources();

  /** The names of the field of what is right. */
  abstract String[] references();

  final @Nullable Integer beams() {
    return beams;
  }

  final @Nullable Integer most() {
    return most;
  }

  @Override
  final List<Written> examples(Path file) {
    return ExampleFile.read(file, header).stream()
        .map(example ->
            new Written(String.join(" ", example.texts(sources())), example.texts(references())))
        .toList();
  }

  @Override
  final String wrong() {
    return "";
  }

  @Override
  final Map<String, Object> told(Written example, String answer) {
    return Map.of(
        "source", example.source(), "references", example.references(), "prediction", answer);
  }
}
