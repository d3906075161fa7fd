package dev.heed.adapt;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.Quoted;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.checkpoint.SafetensorsWriter;
import dev.heed.nn.Module;
import dev.heed.nn.PathPattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A low-rank adaptation in peft's folder: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 */
public final class AdapterFolder {
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";

  /**
   * The part of peft's file that Heed reads; the maps are those that the weights are named after.
   */
  private record Config(
      String peftType,
      int r,
      double loraAlpha,
      String bias,
      boolean useRslora,
      boolean fanInFanOut,
      boolean useDora,
      Map<String, Integer> rankPattern,
      Map<String, Double> alphaPattern) {
    static final Config DEFAULTS =
        new Config("LORA", 8, 8, "none", false, false, false, Map.of(), Map.of());
  }

  private AdapterFolder() {}

  /**
   * Writes an adaptation.
   *
   * @param folder made if it is not there; files of these names are replaced
   * @throws CheckpointException {@code IO} when it cannot be written
   */
  public static void save(Path folder, LowRankAdaptation adaptation) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(CONFIG), json(adaptation));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          folder.toString(),
          "a folder that can be written to",
          String.valueOf(e.getMessage()),
          "Check its permissions and the free space.",
          e);
    }
    SafetensorsWriter.write(
        folder.resolve(WEIGHTS), adaptation.parameters(), Map.of("format", "pt"));
  }

  private static String json(LowRankAdaptation adaptation) {
    LoraConfig config = adaptation.config();
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("peft_type", "LORA");
    json.put("r", config.r());
    json.put("lora_alpha", config.loraAlpha());
    json.put("lora_dropout", 0.0);
    json.put("bias", "none");
    json.put("fan_in_fan_out", config.fanInFanOut());
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
    return json.toPrettyString() + "\n";
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
    Config config = ConfigReader.read(file, Config.DEFAULTS);
    require(file, "peft_type", "LORA", config.peftType());
    require(file, "bias", "none", config.bias());
    try (SafetensorsFile weights = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
      return LowRankAdaptation.attach(model, lora(file, config), weights);
    }
  }

  private static LoraConfig lora(Path file, Config config) {
    try {
      return new LoraConfig(
          config.r(),
          config.loraAlpha(),
          List.of("*"),
          config.useRslora(),
          config.fanInFanOut(),
          config.useDora(),
          config.rankPattern(),
          config.alphaPattern());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          Kind.VALUE,
          file.toString(),
          "a valid rank and scale",
          String.valueOf(e.getMessage()),
          "Correct this value in the file.",
          e);
    }
  }

  private static void require(Path file, String key, String expected, String got) {
    if (!got.equals(expected)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          file + ", " + key,
          expected,
          Quoted.of(got),
          "Heed reads LoRA and DoRA of linear maps.");
    }
  }
}
