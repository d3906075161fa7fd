package dev.heed.adapt;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.CheckpointSource;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.checkpoint.WholeFile;
import dev.heed.nn.Module;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A trained prefix or prompt in peft's folder: {@code adapter_config.json} with {@code peft_type:
 * PREFIX_TUNING} or {@code PROMPT_TUNING}, and {@code adapter_model.safetensors} with {@code
 * prompt_embeddings [P, 2 · layers · size]} or {@code [P, size]} and perhaps a head that learned
 * beside it. What stood between in training is not kept: a prefix that is read is learned directly.
 */
public final class PrefixFolder {
  static final String EMBEDDINGS = "prompt_embeddings";

  /** What stands before the names of other parameters that learned. */
  static final String SAVED = "base_model.";

  private static final String TYPE = AdapterConfig.PREFIX_TUNING;

  private PrefixFolder() {}

  /** What is read of the configuration. */
  private record Config(
      String peftType, int numVirtualTokens, int tokenDim, int numAttentionHeads, int numLayers) {
    static final Config ABSENT = new Config("", 0, 0, 0, 0);
  }

  /**
   * Writes a prefix.
   *
   * @param folder made if it is not there; files of these names are replaced
   * @param base the model's name, or its path relative to this folder
   * @throws CheckpointException {@code IO} when it cannot be written
   */
  public static void save(Path folder, PrefixTuning prefix, String base) {
    save(folder, prefix, base, Map.of());
  }

  /**
   * Writes a prefix and what learned in full beside it.
   *
   * @param folder made if it is not there; files of these names are replaced
   * @param base the model's name, or its path relative to this folder
   * @param saved other parameters that learned, by their names in the model
   * @throws CheckpointException {@code IO} when it cannot be written
   */
  public static void save(
      Path folder, PrefixTuning prefix, String base, Map<String, Tensor> saved) {
    PrefixTuning.Layout layout = prefix.layout();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("peft_type", TYPE).put("base_model_name_or_path", base);
    json.put("num_virtual_tokens", layout.length()).put("token_dim", layout.size());
    json.put("num_attention_heads", layout.heads()).put("num_layers", layout.layers());
    json.put("num_transformer_submodules", 1).put("encoder_hidden_size", layout.middle());
    json.put("prefix_projection", layout.middle() > 0);
    try (TensorScope scope = TensorScope.open()) {
      write(folder, json, prefix.rows().detach().contiguous(), saved);
    }
  }

  /**
   * Writes a prompt and what learned in full beside it.
   *
   * @param folder made if it is not there; files of these names are replaced
   * @param base the model's name, or its path relative to this folder
   * @param saved other parameters that learned, by their names in the model
   * @throws CheckpointException {@code IO} when it cannot be written
   */
  public static void save(
      Path folder, PromptTuning prompt, String base, Map<String, Tensor> saved) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("peft_type", AdapterConfig.PROMPT_TUNING).put("base_model_name_or_path", base);
    json.put("num_virtual_tokens", prompt.length()).put("token_dim", prompt.rows().size(1));
    json.put("num_transformer_submodules", 1).put("prompt_tuning_init", "RANDOM");
    write(folder, json, prompt.rows().detach(), saved);
  }

  private static void write(Path folder, ObjectNode json, Tensor rows, Map<String, Tensor> saved) {
    json.put("inference_mode", true);
    if (!saved.isEmpty()) {
      AdapterFolder.modules(saved.keySet()).forEach(json.putArray("modules_to_save")::add);
    }
    try {
      Files.createDirectories(folder);
      WholeFile.write(
          folder.resolve(AdapterConfig.FILE),
          (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          folder.toString(),
          "a folder that can be written to",
          String.valueOf(e.getMessage()),
          "Check its permissions and the free space.",
          e);
    }
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put(EMBEDDINGS, rows);
    saved.forEach((name, tensor) -> all.put(SAVED + name, tensor));
    SafetensorsWriter.write(folder.resolve(AdapterFolder.WEIGHTS), all, Map.of("format", "pt"));
  }

  /**
   * Reads a prefix for a model.
   *
   * @return owned by the caller
   * @throws CheckpointException for missing or invalid files, {@code UNSUPPORTED} for adapters of
   *     another kind, {@code SHAPE} for a prefix of another model
   */
  public static PrefixTuning load(Path folder, Module model) {
    Path file = folder.resolve(AdapterConfig.FILE);
    JsonNode json = ConfigReader.json(file);
    try (SafetensorsFile source = SafetensorsFile.open(folder.resolve(AdapterFolder.WEIGHTS))) {
      return read(file.toString(), json, source, model);
    }
  }

  /**
   * Reads a prefix for a model from what stands in its files.
   *
   * @param where the configuration, for messages
   * @param json the configuration
   * @param source the tensors; they stay the caller's
   * @return owned by the caller
   * @throws CheckpointException as {@link #load}
   */
  public static PrefixTuning read(
      String where, JsonNode json, CheckpointSource source, Module model) {
    Config config = config(where, json, TYPE);
    PrefixTuning.Layout layout = PrefixTuning.Layout.of(model, config.numVirtualTokens(), 0);
    requireEqual(where + ", num_layers", layout.layers(), config.numLayers());
    requireEqual(where + ", num_attention_heads", layout.heads(), config.numAttentionHeads());
    requireEqual(where + ", token_dim", layout.size(), config.tokenDim());
    Shape expected = Shape.of(layout.length(), 2 * layout.layers() * layout.size());
    try (TensorScope scope = TensorScope.open()) {
      return new PrefixTuning(weights("wte.weight", source, expected, model), layout);
    }
  }

  /**
   * Reads a prompt for a model from what stands in its files.
   *
   * @param where the configuration, for messages
   * @param json the configuration
   * @param source the tensors; they stay the caller's
   * @param model that reads it
   * @param size of its token vectors
   * @return owned by the caller
   * @throws CheckpointException as {@link #load}
   */
  public static PromptTuning readPrompt(
      String where, JsonNode json, CheckpointSource source, Module model, long size) {
    Config config = config(where, json, AdapterConfig.PROMPT_TUNING);
    requireEqual(where + ", token_dim", size, config.tokenDim());
    Shape expected = Shape.of(config.numVirtualTokens(), size);
    try (TensorScope scope = TensorScope.open()) {
      return new PromptTuning(
          weights("prompt", source, expected, model), config.numVirtualTokens(), size);
    }
  }

  private static Config config(String where, JsonNode json, String type) {
    Config config = ConfigReader.read(where, json, Config.ABSENT);
    if (!config.peftType().equals(type)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where + ", peft_type",
          type,
          Quoted.of(config.peftType()),
          "Read low-rank updates as AdapterFolder does.");
    }
    if (config.numVirtualTokens() < 1) {
      throw new CheckpointException(
          Kind.VALUE,
          where + ", num_virtual_tokens",
          "1 or more",
          String.valueOf(config.numVirtualTokens()),
          "Correct this value in the file.");
    }
    return config;
  }

  /** The vectors, in the type of a model, under a name; until the current scope closes. */
  private static Weights weights(
      String name, CheckpointSource source, Shape expected, Module model) {
    if (!source.names().contains(EMBEDDINGS)) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          source.describe(),
          EMBEDDINGS,
          source.names().toString(),
          "Save the adapter again.");
    }
    if (!source.shape(EMBEDDINGS).equals(expected)) {
      throw new CheckpointException(
          Kind.SHAPE,
          source.describe() + ", " + EMBEDDINGS,
          expected.toString(),
          source.shape(EMBEDDINGS).toString(),
          "Use the model that the prefix was learned for.");
    }
    DType dtype = model.parameters().values().iterator().next().dtype();
    Tensor rows = source.read(EMBEDDINGS).to(dtype.isFloating() ? dtype : DType.F32);
    return Weights.from(WeightSource.of(Map.of(name, rows.copy())));
  }

  private static void requireEqual(String where, long expected, long got) {
    if (expected != got) {
      throw new CheckpointException(
          Kind.SHAPE,
          where,
          expected + " as the model has",
          String.valueOf(got),
          "Use the model that the prefix was learned for.");
    }
  }
}
