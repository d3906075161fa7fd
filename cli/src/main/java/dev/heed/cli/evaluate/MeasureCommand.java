package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.OutputFile;
import dev.heed.cli.UsageException;
import dev.heed.evaluate.Bootstrap;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.PairedComparison;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What every measure shares: its files, intervals, items, the comparison with another system. */
abstract class MeasureCommand extends HeedCommand {
  private static final JsonMapper LINES = new JsonMapper();

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      required = true,
      description = "What a system gave; - reads standard input.")
  private Path predictions = Path.of("");

  @Option(
      names = "--baseline",
      paramLabel = "FILE",
      description = "What another system gave: compare with it.")
  private @Nullable Path baseline;

  @Option(
      names = "--items",
      paramLabel = "FILE",
      description = "Write the values of each item to this .jsonl file.")
  private @Nullable Path items;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Bootstrap samples for intervals; 0 for none (default: ${DEFAULT-VALUE}).")
  private int samples = 1000;

  @Option(
      names = "--confidence",
      paramLabel = "P",
      description = "How likely intervals hold the value (default: ${DEFAULT-VALUE}).")
  private double confidence = 0.95;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "For the samples (default: ${DEFAULT-VALUE}).")
  private long seed = 12345;

  /**
   * The measure of a system's predictions.
   *
   * @param option that names the file, for messages
   */
  abstract CorpusMeasure measure(String option, Path file);

  /** What determines the values, for reports; null if nothing but the measure's name does. */
  @Nullable String signature() {
    return null;
  }

  /** Further values of the whole corpus that have no interval, by name. */
  Map<String, Double> further() {
    return Map.of();
  }

  @Override
  protected final int run() {
    if (samples < 0 || !(confidence > 0 && confidence < 1)) {
      throw new UsageException(
          "--samples, --confidence: expected 0 or more and between 0 and 1, got "
              + samples
              + " and "
              + confidence);
    }
    OutputFile.check("--items", items, ".jsonl");
    CorpusMeasure measure = read("--predictions", predictions);
    int[][] drawn = Bootstrap.samples(measure.items(), samples, seed);
    Map<String, Bootstrap> values = Bootstrap.of(measure, drawn);
    Map<String, PairedComparison> compared = new LinkedHashMap<>();
    if (baseline != null) {
      CorpusMeasure other = read("--baseline", baseline);
      values
          .keySet()
          .forEach(name -> compared.put(name, PairedComparison.of(other, measure, name, drawn)));
    }
    if (items != null) {
      OutputFile.write("--items", items, () -> items(measure));
    }
    MeasureReport report =
        MeasureReport.of(
            spec().name(), measure.items(), signature(), values, further(), compared, confidence);
    if (json()) {
      printJson(report);
    } else {
      report.print(out());
    }
    out().flush();
    return ExitStatus.OK;
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

  private static byte[] items(CorpusMeasure measure) {
    StringBuilder lines = new StringBuilder();
    for (int item = 0; item < measure.items(); item++) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("item", item + 1);
      measure.ofItem(item).forEach((name, value) -> line.put(name, MeasureReport.orNull(value)));
      lines.append(LINES.writeValueAsString(line)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
