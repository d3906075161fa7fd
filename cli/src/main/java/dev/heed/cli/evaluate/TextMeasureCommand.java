package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.References;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A measure of texts, one a line, against one or more references a text. */
abstract class TextMeasureCommand extends MeasureCommand {
  @Option(
      names = "--references",
      paramLabel = "FILE",
      required = true,
      description = {
        "The right texts, one a line; give it again for further references,",
        "in which an empty line means that the text has no such one."
      })
  private List<Path> references = List.of();

  private @Nullable References read;

  /** The measure of these texts. */
  abstract CorpusMeasure measure(List<String> predictions, References references);

  @Override
  final CorpusMeasure measure(String option, Path file) {
    List<String> predictions = EvaluationFiles.texts(option, file);
    References wanted = references();
    EvaluationFiles.requireSame(option, file, predictions.size(), wanted.ofItems().size());
    return measure(predictions, wanted);
  }

  /** What was right for each text. */
  final References references() {
    if (read == null) {
      read = read();
    }
    return read;
  }

  private References read() {
    List<List<@Nullable String>> streams = new ArrayList<>();
    for (Path file : references) {
      List<@Nullable String> stream = new ArrayList<>();
      for (String text : EvaluationFiles.texts("--references", file)) {
        stream.add(text.isEmpty() && !streams.isEmpty() ? null : text);
      }
      if (!streams.isEmpty() && stream.size() != streams.getFirst().size()) {
        throw new BadInputException(
            "--references "
                + file
                + ": expected as many lines as in "
                + references.getFirst()
                + ", "
                + streams.getFirst().size()
                + ", got "
                + stream.size());
      }
      streams.add(stream);
    }
    return References.streams(streams);
  }
}
