package dev.heed.checkpoint.convert;

import dev.heed.checkpoint.Checkpoint;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigFile;
import dev.heed.checkpoint.ModelCheckpoint;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.checkpoint.ShardedWriter;
import dev.heed.checkpoint.StagedFolder;
import dev.heed.checkpoint.StorageType;
import dev.heed.checkpoint.WholeFile;
import dev.heed.checkpoint.gguf.GgufExport;
import dev.heed.checkpoint.gguf.GgufFile;
import dev.heed.checkpoint.gguf.GgufModel;
import dev.heed.checkpoint.gguf.GgufRewrite;
import dev.heed.nn.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One conversion of a checkpoint into another format.
 *
 * @param from a model folder, or a file that {@link Checkpoint#open} opens
 * @param to a file that ends in {@code .safetensors} or {@code .gguf}, or a folder
 * @param type how weights are stored, or null to keep their types (matrices of GGUF: {@code F16})
 * @param shardBytes the largest file of a folder's weights
 * @param leftOut names of tensors that are not wanted
 */
public record Conversion(
    Path from, Path to, @Nullable StorageType type, long shardBytes, Predicate<String> leftOut) {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String CONFIG = "config.json";

  /** The format that a target's name asks for. */
  public enum Format {
    /** One safetensors file. */
    SAFETENSORS,
    /** One GGUF file. */
    GGUF,
    /** A Hugging Face folder: weights, config, and what else the source's folder holds. */
    FOLDER
  }

  /**
   * Tells what a target's name asks for.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for a file of another ending
   */
  public Format format() {
    String name = String.valueOf(to.getFileName());
    if (name.endsWith(".safetensors")) {
      return Format.SAFETENSORS;
    }
    if (name.endsWith(".gguf")) {
      return Format.GGUF;
    }
    if (name.matches(".*\\.(bin|pt|pth|onnx)")) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          to.toString(),
          "a name that ends in .safetensors or .gguf, or a folder",
          name,
          "Heed reads these formats and does not write them.");
    }
    return Format.FOLDER;
  }

  /**
   * Converts.
   *
   * @throws CheckpointException for a source that cannot be read, a model that the target's format
   *     cannot keep, or a target that cannot be written
   */
  public void run() {
    Format format = format();
    CheckpointSource opened = Checkpoint.open(from);
    if (format == Format.GGUF && opened instanceof GgufFile gguf) {
      try (gguf) {
        GgufRewrite.write(to, gguf, ggufType(), leftOut);
      }
      return;
    }
    CheckpointSource whole = opened instanceof GgufFile gguf ? GgufModel.of(gguf) : opened;
    try (CheckpointSource source = new SelectedSource(whole, leftOut)) {
      switch (format) {
        case GGUF -> GgufExport.write(to, source, requiredConfig(whole), ggufType());
        case SAFETENSORS ->
            SafetensorsWriter.write(to, retyped(source), source.names(), Map.of("format", "pt"));
        case FOLDER -> folder(source, config(whole));
      }
    }
  }

  private StorageType ggufType() {
    return type == null ? StorageType.F16 : type;
  }

  private WeightSource retyped(CheckpointSource source) {
    if (type == null) {
      return source;
    }
    boolean plain = type == StorageType.F32 || type == StorageType.F16 || type == StorageType.BF16;
    if (!plain) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          to.toString(),
          "one of F32, F16, BF16 in safetensors",
          type.name(),
          "Write GGUF for quantised weights.");
    }
    return new RetypedSource(source, type.dtype().orElseThrow());
  }

  /** A folder that was not there appears whole or not at all. */
  private void folder(CheckpointSource source, Optional<JsonNode> config) {
    WeightSource weights = retyped(source);
    try {
      if (Files.exists(to)) {
        fill(to, weights, config);
        return;
      }
      Path parent = to.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try (StagedFolder staged = StagedFolder.beside(to.toAbsolutePath())) {
        fill(staged.path(), weights, config);
        staged.commit();
      }
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          to.toString(),
          "a folder that can be written to",
          String.valueOf(e.getMessage()),
          "Check its permissions and the free space.",
          e);
    }
  }

  private void fill(Path folder, WeightSource weights, Optional<JsonNode> config)
      throws IOException {
    if (Files.isDirectory(from)) {
      CompanionFiles.copy(from, folder);
    }
    ShardedWriter.write(folder, weights, shardBytes, Map.of("format", "pt"));
    if (config.isPresent()) {
      JsonNode written = withType(config.get());
      WholeFile.write(
          folder.resolve(CONFIG), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(written));
    }
  }

  /** The config with the type that the weights now have. */
  private JsonNode withType(JsonNode config) {
    if (type == null || !(config instanceof ObjectNode object)) {
      return config;
    }
    String name =
        switch (type) {
          case F16 -> "float16";
          case BF16 -> "bfloat16";
          default -> "float32";
        };
    return object.put(object.has("dtype") ? "dtype" : "torch_dtype", name);
  }

  /** What the model's config says, from the checkpoint itself or from beside it. */
  private Optional<JsonNode> config(CheckpointSource opened) {
    if (opened instanceof ModelCheckpoint model) {
      return Optional.of(model.config());
    }
    Path beside = Files.isDirectory(from) ? from.resolve(CONFIG) : from.resolveSibling(CONFIG);
    return Files.isRegularFile(beside) ? Optional.of(ConfigFile.json(beside)) : Optional.empty();
  }

  private JsonNode requiredConfig(CheckpointSource opened) {
    return config(opened)
        .orElseThrow(() ->
            new CheckpointException(
                Kind.NOT_FOUND,
                from.toString(),
                "a config.json beside the weights",
                "none",
                "GGUF says what model it holds; give the model's folder."));
  }
}
