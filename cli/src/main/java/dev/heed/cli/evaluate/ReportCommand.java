package dev.heed.cli.evaluate;

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

/** What every evaluation shares: intervals, items, the comparison with another system. */
abstract class ReportCommand extends HeedCommand {
  private static final JsonMapper LINES = new JsonMapper();

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

  /** What is measured, of an item or more. */
  abstract CorpusMeasure measured();

  /** Another system's, to compare with, or null for none. */
  @Nullable CorpusMeasure baseline() {
    return null;
  }

  /** What determines the values, for reports; null if nothing but the measure's name does. */
  @Nullable String signature() {
    return null;
  }

  /** Further values of the whole corpus that have no interval, by name. */
  Map<String, Double> further() {
    return Map.of();
  }

  /** What is written of an item besides its values, by name. */
  Map<String, Object> told(int item) {
    return Map.of();
  }

  /** The exit code of a report that was made. */
  int status() {
    return ExitStatus.OK;
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
    CorpusMeasure measure = measured();
    int[][] drawn = Bootstrap.samples(measure.items(), samples, seed);
    Map<String, Bootstrap> values = Bootstrap.of(measure, drawn);
    Map<String, PairedComparison> compared = new LinkedHashMap<>();
    CorpusMeasure other = baseline();
    if (other != null) {
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
    return status();
  }

  private byte[] items(CorpusMeasure measure) {
    StringBuilder lines = new StringBuilder();
    for (int item = 0; item < measure.items(); item++) {
      Map<String, @Nullable Object> line = new LinkedHashMap<>();
      line.put("item", item + 1);
      line.putAll(told(item));
      measure.ofItem(item).forEach((name, value) -> line.put(name, MeasureReport.orNull(value)));
      lines.append(LINES.writeValueAsString(line)).append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }
}
