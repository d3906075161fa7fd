package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.UsageException;
import dev.heed.evaluate.CorpusMeasure;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A measure of what a system gave, in a file. */
abstract class MeasureCommand extends ReportCommand {
  private static final String PREDICTIONS = "--predictions";

  @Option(
      names = PREDICTIONS,
      paramLabel = "FILE",
      description = "What a system gave; - reads standard input.")
  private @Nullable Path predictions;

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "What another system gave: compare with it.")
  private @Nullable Path baseline;

  /**
   * The measure of a system's predictions.
   *
   * @param option that names the file, for messages
   */
  abstract CorpusMeasure measure(String option, Path file);

  /** The measure of a model that is asked here and now, or null where none can be. */
  @Nullable CorpusMeasure ofModel() {
    return null;
  }

  @Override
  final CorpusMeasure measured() {
    if (predictions != null) {
      return read(PREDICTIONS, predictions);
    }
    CorpusMeasure own = ofModel();
    if (own == null) {
      throw new UsageException("Missing required option: '" + PREDICTIONS + "=FILE'");
    }
    return own;
  }

  @Override
  final @Nullable CorpusMeasure baseline() {
    return baseline == null ? null : read("--baseline", baseline);
  }

  private CorpusMeasure read(String option, Path file) {
    try {
      CorpusMeasure measure = measure(option, file);
      if (measure.items() == 0) {
        throw new BadInputException(option + ": expected at least one item, got none in " + file);
      }
      return measure;
    } catch (IllegalArgumentException e) {
      throw new BadInputException(option + " " + file + ": " + e.getMessage());
    }
  }
}
