package dev.heed.cli.inspect;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.TensorInfo;
import dev.heed.checkpoint.VisibleText;
import dev.heed.checkpoint.gguf.GgufFile;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.tensor.StoredTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code heed inspect}: lists tensors, types, shapes, parameters and metadata of a checkpoint. */
@Command(
    name = "inspect",
    description = "List a checkpoint's tensors, types, shapes and metadata, without loading it.",
    footer = {"", "Example:", "  heed inspect model.safetensors"})
public final class InspectCommand extends HeedCommand {
  private static final int LONGEST = 120;

  @Parameters(
      paramLabel = "CHECKPOINT",
      description =
          "A model folder, or a .safetensors, .gguf, .bin (PyTorch or llama2.c), .pt or .onnx"
              + " file.")
  private Path path = Path.of("");

  /** One row. */
  private record Row(String name, String type, List<Long> shape, long elements, long bytes) {
    static Row of(TensorInfo info) {
      List<Long> sizes = java.util.Arrays.stream(info.shape().toArray()).boxed().toList();
      return new Row(info.name(), info.type().name(), sizes, info.shape().elements(), info.bytes());
    }
  }

  /** What {@code --json} prints. */
  private record Report(
      String checkpoint,
      long parameters,
      long bytes,
      Map<String, Long> types,
      Object metadata,
      List<Row> tensors) {}

  /** Types that stay what they are where the engine multiplies with them. */
  private static final Predicate<String> STORED =
      type -> StorageType.valueOf(type).block() > 1 || type.endsWith("F16");

  @Override
  protected int run() {
    try (CheckpointSource source = Checkpoint.open(path)) {
      List<Row> rows = source.tensors().values().stream().map(Row::of).toList();
      Map<String, Long> types = new TreeMap<>();
      rows.forEach(row -> types.merge(row.type(), row.elements(), Long::sum));
      Report report =
          new Report(
              source.describe(),
              rows.stream().mapToLong(Row::elements).sum(),
              rows.stream().mapToLong(Row::bytes).sum(),
              types,
              source instanceof GgufFile gguf && json()
                  ? gguf.values().toJson()
                  : source.metadata(),
              rows);
      if (json()) {
        printJson(report);
      } else {
        print(report, source.metadata());
      }
    }
    return ExitStatus.OK;
  }

  private void print(Report report, Map<String, String> metadata) {
    int width =
        report.tensors().stream().mapToInt(row -> line(row.name()).length()).max().orElse(0);
    for (Row row : report.tensors()) {
      out()
          .printf(
              "%-" + Math.max(1, width) + "s  %-7s %s%n",
              line(row.name()),
              row.type(),
              row.shape());
    }
    out()
        .printf(
            "%n%s: %d tensors, %,d parameters, %,d bytes%n",
            report.checkpoint(), report.tensors().size(), report.parameters(), report.bytes());
    report.types().forEach((type, count) -> out().printf("  %-7s %,d elements%n", type, count));
    if (StoredTensors.areSupported() && report.types().keySet().stream().anyMatch(STORED)) {
      out().println("  matrices are used as they are stored, on the Java engine");
    }
    metadata.forEach((key, value) -> out().printf("  %s: %s%n", line(key), line(value)));
    out().flush();
  }

  /** Foreign text as it is if it fits one line, else its beginning, escaped. */
  private static String line(String text) {
    return text.codePointCount(0, text.length()) <= LONGEST
        ? VisibleText.of(text)
        : Quoted.of(text);
  }
}
