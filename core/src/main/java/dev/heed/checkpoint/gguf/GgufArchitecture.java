package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * One architecture of GGUF files beside the Hugging Face model that it stands for: what each calls
 * its tensors and its sizes.
 *
 * @param name GGUF's, as in {@code general.architecture}
 * @param modelType Hugging Face's, as in {@code config.json}
 * @param rules every tensor that such a file may have
 * @param config from a file's metadata to a {@code config.json}
 */
record GgufArchitecture(
    String name,
    String modelType,
    List<TensorRule> rules,
    Function<GgufConfig, ObjectNode> config) {
  private static final List<GgufArchitecture> ALL =
      List.of(
          entry("bert", "bert", ArchitectureRules.bert(), ArchitectureConfigs::bert),
          entry("gemma", "gemma", ArchitectureRules.gemma(), ArchitectureConfigs::gemma),
          entry(
              "gemma2", "gemma2", ArchitectureRules.sandwichedGemma(), ArchitectureConfigs::gemma2),
          entry(
              "gemma3",
              "gemma3_text",
              ArchitectureRules.sandwichedGemma(),
              ArchitectureConfigs::gemma3),
          entry("gpt2", "gpt2", ArchitectureRules.gpt2(), ArchitectureConfigs::gpt2),
          entry("llama", "llama", ArchitectureRules.llama(), ArchitectureConfigs::llama),
          entry("llama", "mixtral", ArchitectureRules.mixtral(), ArchitectureConfigs::mixtral),
          entry(
              "nomic-bert",
              "nomic_bert",
              ArchitectureRules.nomicBert(),
              ArchitectureConfigs::nomicBert),
          entry("phi3", "phi3", ArchitectureRules.phi3(), ArchitectureConfigs::phi3),
          entry("qwen2", "qwen2", ArchitectureRules.qwen(), ArchitectureConfigs::qwen2),
          entry("qwen3", "qwen3", ArchitectureRules.qwen(), ArchitectureConfigs::qwen3),
          entry(
              "qwen3moe",
              "qwen3_moe",
              ArchitectureRules.qwenExperts(),
              ArchitectureConfigs::qwen3Experts));

  private static GgufArchitecture entry(
      String name,
      String modelType,
      List<TensorRule> rules,
      Function<GgufConfig, ObjectNode> config) {
    return new GgufArchitecture(name, modelType, List.copyOf(rules), config);
  }

  /** The rules by GGUF's names. */
  Map<String, TensorRule> byOurs() {
    Map<String, TensorRule> map = new LinkedHashMap<>();
    rules.forEach(rule -> map.put(rule.ours(), rule));
    return map;
  }

  /** The rules by Hugging Face's names. */
  Map<String, TensorRule> byTheirs() {
    Map<String, TensorRule> map = new LinkedHashMap<>();
    rules.forEach(rule -> map.put(rule.theirs(), rule));
    return map;
  }

  /**
   * Finds the architecture of a file.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for one that Heed does not know
   */
  static GgufArchitecture of(GgufFile file) {
    String name = file.values().architecture();
    boolean experts =
        file.values().find(name + ".expert_count").map(GgufValue::integer).orElse(0L) > 0;
    return ALL.stream()
        .filter(a -> a.name().equals(name))
        .filter(a -> !name.equals("llama") || a.modelType().equals("mixtral") == experts)
        .findFirst()
        .orElseThrow(() -> unknown(file.describe(), "general.architecture", name));
  }

  /**
   * Finds the architecture that a Hugging Face model is written as.
   *
   * @throws CheckpointException {@code UNSUPPORTED} for one that Heed cannot write
   */
  static GgufArchitecture ofModelType(String where, String modelType) {
    Optional<GgufArchitecture> found =
        ALL.stream().filter(a -> a.modelType().equals(modelType)).findFirst();
    return found.orElseThrow(() -> unknown(where, "model_type", modelType));
  }

  private static CheckpointException unknown(String where, String key, String got) {
    boolean ours = key.startsWith("general");
    return new CheckpointException(
        Kind.UNSUPPORTED,
        where,
        key
            + " to be one of "
            + String.join(
                ", ", ALL.stream().map(a -> ours ? a.name() : a.modelType()).distinct().toList()),
        Quoted.of(got),
        "`heed inspect` and tensors by their own names work for any file.");
  }
}
