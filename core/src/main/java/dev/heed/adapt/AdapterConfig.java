package dev.heed.adapt;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.ConfigReader;
import dev.heed.checkpoint.Quoted;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What Heed reads of peft's {@code adapter_config.json}; which maps are adapted, the names of the
 * weights say.
 *
 * @param peftType {@code LORA}, {@code PREFIX_TUNING} or {@code PROMPT_TUNING}
 * @param baseModelNameOrPath the model that was adapted
 * @param r rank
 * @param loraAlpha α
 * @param bias which biases learned beside the updates: {@code none}, {@code all} or {@code
 *     lora_only}
 * @param useRslora see {@link LoraConfig}
 * @param fanInFanOut whether the base model's file has these maps {@code [in, out]}
 * @param useDora see {@link LoraConfig}
 * @param rankPattern other ranks
 * @param alphaPattern other α
 * @param modulesToSave what learned in full beside the updates, such as a head
 */
public record AdapterConfig(
    String peftType,
    String baseModelNameOrPath,
    int r,
    double loraAlpha,
    String bias,
    boolean useRslora,
    boolean fanInFanOut,
    boolean useDora,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern,
    List<String> modulesToSave) {
  /** The kind of a trained prefix. */
  static final String PREFIX_TUNING = "PREFIX_TUNING";

  /** The kind of trained vectors before the tokens' own. */
  static final String PROMPT_TUNING = "PROMPT_TUNING";

  private static final String LORA = "LORA";

  /** The name of its file. */
  public static final String FILE = "adapter_config.json";

  private static final AdapterConfig DEFAULTS =
      new AdapterConfig(
          "LORA", "", 8, 8, "none", false, false, false, Map.of(), Map.of(), List.of());

  /**
   * Reads a file's values.
   *
   * @param where the file, for messages
   * @throws CheckpointException {@code UNSUPPORTED} for adapters of another kind
   */
  public static AdapterConfig read(String where, JsonNode json) {
    AdapterConfig config = ConfigReader.read(where, json, DEFAULTS);
    if (!config.isVirtual()) {
      require(where, "peft_type", LORA, config.peftType());
    }
    if (Arrays.stream(TrainedBiases.values()).noneMatch(one -> one.key().equals(config.bias()))) {
      require(where, "bias", "none, all or lora_only", config.bias());
    }
    return config;
  }

  private static void require(String where, String key, String expected, String got) {
    if (!got.equals(expected)) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where + ", " + key,
          expected,
          Quoted.of(got),
          "Heed reads LoRA and DoRA of linear maps, and trained prefixes and prompts.");
    }
  }

  /** Whether it is virtual tokens, a prefix or a prompt, and no updates of weights. */
  public boolean isVirtual() {
    return peftType.equals(PREFIX_TUNING) || isPrompt();
  }

  /** Whether it is a prompt. */
  public boolean isPrompt() {
    return peftType.equals(PROMPT_TUNING);
  }

  /**
   * The updates' ranks and scales.
   *
   * @throws CheckpointException {@code VALUE} for one that is out of its range
   */
  LoraConfig lora(String where) {
    require(where, "peft_type", LORA, peftType);
    try {
      return new LoraConfig(
          r, loraAlpha, List.of("*"), useRslora, fanInFanOut, useDora, rankPattern, alphaPattern);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          Kind.VALUE,
          where,
          "a valid rank and scale",
          String.valueOf(e.getMessage()),
          "Correct this value in the file.",
          e);
    }
  }
}
