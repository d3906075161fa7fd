package dev.heed.cli.convert;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.convert.Conversion;
import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed convert}: writes a checkpoint in another format or type. */
@Command(
    name = "convert",
    description = {
      "Write a checkpoint in another format or type: safetensors, PyTorch .bin and .pt, GGUF and"
          + " llama2.c are read; safetensors (one file, or a folder of files of limited size) and"
          + " GGUF are written."
    },
    footer = {
      "",
      "Examples:",
      "  heed convert model.gguf folder            a Hugging Face folder: weights and config",
      "  heed convert folder model.gguf --type q8_0",
      "  heed convert pytorch_model.bin model.safetensors --type bf16"
    })
public final class ConvertCommand extends HeedCommand {
  private static final Set<StorageType> TYPES =
      Set.of(
          StorageType.F32, StorageType.F16, StorageType.BF16, StorageType.Q8_0, StorageType.Q4_0);

  private static final Map<String, Long> UNITS =
      Map.of("KB", 1000L, "MB", 1_000_000L, "GB", 1_000_000_000L);

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      description = "A model folder or a checkpoint file.")
  private Path from = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "A file that ends in .safetensors or .gguf, or a folder.")
  private Path to = Path.of("");

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "How weights are stored: f32, f16, bf16, and for GGUF's matrices q8_0 and q4_0"
              + " (default: as they are; for GGUF f16).")
  private @Nullable String type;

  @Option(
      names = "--shard-size",
      paramLabel = "SIZE",
      description = "The largest weights file of a folder, for example 500MB (default: 5GB).")
  private String shardSize = "5GB";

  @Option(
      names = "--leave-out",
      paramLabel = "REGEX",
      description = "Tensors that are not wanted, for example '(bert\\.)?pooler\\..*|cls\\..*'.")
  private @Nullable String leaveOut;

  @Option(names = "--force", description = "Replace what is there already.")
  private boolean force;

  /** What {@code --json} prints. */
  private record Report(String from, String to, int tensors, long bytes, Map<String, Long> types) {}

  @Override
  protected int run() throws IOException {
    Conversion conversion = new Conversion(from, to, storageType(), bytes(shardSize), unwanted());
    requireFree(conversion.format());
    conversion.run();
    report();
    return ExitStatus.OK;
  }

  private @Nullable StorageType storageType() {
    if (type == null) {
      return null;
    }
    String wanted = type.toUpperCase(Locale.ROOT);
    return TYPES.stream()
        .filter(t -> t.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new UsageException("--type: expected one of f32, f16, bf16, q8_0, q4_0, got " + type));
  }

  private Predicate<String> unwanted() {
    if (leaveOut == null) {
      return name -> false;
    }
    try {
      return Pattern.compile(leaveOut).asMatchPredicate();
    } catch (PatternSyntaxException e) {
      throw new UsageException(
          "--leave-out: expected a regular expression, got "
              + leaveOut
              + ": "
              + e.getDescription());
    }
  }

  private static long bytes(String size) {
    String upper = size.toUpperCase(Locale.ROOT);
    if (upper.matches("[1-9][0-9]{0,6}(KB|MB|GB)")) {
      int unit = upper.length() - 2;
      return Long.parseLong(upper.substring(0, unit))
          * UNITS.getOrDefault(upper.substring(unit), 1L);
    }
    throw new UsageException("--shard-size: expected for example 500MB or 5GB, got " + size);
  }

  private void requireFree(Conversion.Format format) throws IOException {
    boolean folder = format == Conversion.Format.FOLDER;
    if (Files.exists(to) && Files.isDirectory(to) != folder) {
      throw new BadInputException(
          to + ": expected " + (folder ? "a folder" : "a file") + ", got another kind of thing");
    }
    if (Files.exists(from) && Files.exists(to) && Files.isSameFile(from, to)) {
      throw new BadInputException(to + ": expected another place than what is read; choose one");
    }
    boolean taken = Files.exists(folder ? to.resolve("config.json") : to);
    if (taken && !force) {
      throw new BadInputException(to + ": there is a model already; --force replaces it");
    }
    Path parent = to.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new BadInputException("no such folder: " + parent + " for " + to + "; create it first");
    }
  }

  private void report() {
    try (CheckpointSource written = Checkpoint.open(to)) {
      Map<String, Long> types = new TreeMap<>();
      written.tensors().values().forEach(info -> types.merge(info.type().name(), 1L, Long::sum));
      long bytes = written.tensors().values().stream().mapToLong(info -> info.bytes()).sum();
      Report report =
          new Report(from.toString(), to.toString(), written.tensors().size(), bytes, types);
      if (json()) {
        printJson(report);
      } else {
        out().printf("%s: %d tensors, %,d bytes, %s%n", to, report.tensors(), bytes, types);
        out().flush();
      }
    }
    boolean gguf = List.of(from, to).stream().anyMatch(path -> path.toString().endsWith(".gguf"));
    boolean both = from.toString().endsWith(".gguf") && to.toString().endsWith(".gguf");
    if (gguf && !both) {
      err().println("The tokenizer is not converted: it stays where it was.");
    }
  }
}
