package dev.heed.adapt;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.checkpoint.WholeFile;
import dev.heed.nn.Module;
import dev.heed.nn.PathPattern;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A low-rank adaptation in peft's folder: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 */
public final class AdapterFolder {
  /** The name of the file that holds the updates. */
  public static final String WEIGHTS = "adapter_model.safetensors";

  private static final String CONFIG = AdapterConfig.FILE;

  private AdapterFolder() {}

  /**
   * Writes an adaptation.
   *
   * @param folder made if it is not there; files of these names are replaced
   * @throws CheckpointException {@code IO} when it cannot be written
   */
  public static void save(Path folder, LowRankAdaptation adaptation) {
    save(folder, adaptation, "", Map.of(), TrainedBiases.NONE);
  }

  /**
   * Writes an adaptation and what learned in full beside it.
   *
   * @param folder made if it is not there; files of these names are replaced
   * @param base the adapted model's name, or its path relative to this folder
   * @param saved other parameters that learned, by their names in the model
   * @param biases which of these are biases that learned as such, and not with their module
   * @throws CheckpointException {@code IO} when it cannot be written
   */
  public static void save(
      Path folder,
      LowRankAdaptation adaptation,
      String base,
      Map<String, Tensor> saved,
      TrainedBiases biases) {
    try {
      Files.createDirectories(folder);
      WholeFile.write(
          folder.resolve(CONFIG),
          json(adaptation, base, saved.keySet(), biases).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          folder.toString(),
          "a folder that can be written to",
          String.valueOf(e.getMessage()),
          "Check its permissions and the free space.",
          e);
    }
    Map<String, Tensor> all = new LinkedHashMap<>(adaptation.parameters());
    saved.forEach((name, tensor) -> all.put(LowRankAdaptation.PREFIX + name, tensor));
    SafetensorsWriter.write(folder.resolve(WEIGHTS), all, Map.of("format", "pt"));
  }

  private static String json(
      LowRankAdaptation adaptation, String base, Set<String> saved, TrainedBiases biases) {
    LoraConfig config = adaptation.config();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("peft_type", "LORA");
    if (!base.isEmpty()) {
      json.put("base_model_name_or_path", base);
    }
    json.put("r", config.r());
    json.put("lora_alpha", config.loraAlpha());
    json.put("lora_dropout", 0.0);
    json.put("bias", biases.key());
    json.put("fan_in_fan_out", config.fanInFanOut() || adaptation.isTransposed());
    json.put("use_rslora", config.useRslora());
    json.put("use_dora", config.useDora());
    ObjectNode ranks = json.putObject("rank_pattern");
    config.rankPattern().forEach(ranks::put);
    ObjectNode alphas = json.putObject("alpha_pattern");
    config.alphaPattern().forEach(alphas::put);
    ArrayNode targets = json.putArray("target_modules");
    // peft has no stars and braces in a list; whole paths say the same there.
    boolean plain =
        config.targetModules().stream().allMatch(text -> PathPattern.of(text).isPlain());
    List<String> written = plain ? config.targetModules() : adaptation.paths();
    written.forEach(targets::add);
    List<String> modules =
        modules(
            saved.stream()
                .filter(name ->
                    !biases.include(name, adaptation.paths())
                        || saved.contains(name.replaceFirst("bias$", "weight")))
                .toList());
    if (!modules.isEmpty()) {
      modules.forEach(json.putArray("modules_to_save")::add);
    }
    return json.toPrettyString() + "\n";
  }

  /** The paths of the modules that parameters belong to. */
  static List<String> modules(Collection<String> parameters) {
    return parameters.stream()
        .map(name -> name.substring(0, Math.max(0, name.lastIndexOf('.'))))
        .distinct()
        .toList();
  }

  /**
   * Reads an adaptation and puts it on a model, both frozen.
   *
   * @return owned by the caller; close it before the model
   * @throws CheckpointException for missing or invalid files, {@code UNSUPPORTED} for adapters of
   *     another kind or with trained biases
   * @throws IllegalArgumentException if the model lacks a map that the file adapts
   */
  public static LowRankAdaptation load(Path folder, Module model) {
    Path file = folder.resolve(CONFIG);
    AdapterConfig config = AdapterConfig.read(file.toString(), ConfigReader.json(file));
    boolean biases = !config.bias().equals(TrainedBiases.NONE.key());
    if (biases || !config.modulesToSave().isEmpty()) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          file + (biases ? ", bias" : ", modules_to_save"),
          "updates alone, to be put on a model that is open",
          biases ? config.bias() : config.modulesToSave().toString(),
          "Open the adapter's folder as a model: its base is found by base_model_name_or_path.");
    }
    try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
      return LowRankAdaptation.attach(model, config.lora(file.toString()), weights);
    }
  }
}
