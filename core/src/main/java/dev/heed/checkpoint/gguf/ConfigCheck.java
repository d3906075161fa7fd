package dev.heed.checkpoint.gguf;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Sees to it that a config read back from a GGUF file says what the original said: a key whose
 * value GGUF cannot keep is refused by its name.
 */
final class ConfigCheck {
  /**
   * Keys that change nothing that a trained model computes, or that are checked as they are
   * written.
   */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "architectures",
          "model_type",
          "torch_dtype",
          "dtype",
          "transformers_version",
          "_name_or_path",
          "use_cache",
          "initializer_range",
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "gradient_checkpointing",
          "pretraining_tp",
          "rope_scaling",
          "rope_parameters",
          "output_router_logits",
          "router_aux_loss_coef",
          "router_jitter_noise",
          "task_specific_params",
          "id2label",
          "label2id",
          "cache_implementation",
          "_sliding_window_pattern",
          "max_window_layers",
          "n_ctx",
          "summary_activation",
          "summary_first_dropout",
          "summary_proj_to_labels",
          "summary_type",
          "summary_use_proj",
          "classifier_dropout",
          "_attn_implementation");

  private ConfigCheck() {}

  /**
   * Compares two configs.
   *
   * @param original as the model was saved
   * @param kept as the GGUF file will say
   * @throws CheckpointException {@code UNSUPPORTED} naming the keys that would be lost or changed
   */
  static void requireKept(String where, JsonNode original, JsonNode kept) {
    Set<String> lost = new TreeSet<>();
    for (Map.Entry<String, JsonNode> entry : original.properties()) {
      String key = entry.getKey();
      boolean training = key.endsWith("dropout") || key.endsWith("pdrop");
      boolean probability = key.endsWith("dropout_prob");
      if (LEFT_OUT.contains(key) || training || probability) {
        continue;
      }
      JsonNode value = entry.getValue();
      String ours = key.equals("num_local_experts") && !kept.has(key) ? "num_experts" : key;
      boolean same =
          kept.has(ours) ? equal(value, kept.get(ours)) : isNeutral(original, key, value);
      if (!same) {
        lost.add(key + " " + value);
      }
    }
    if (!lost.isEmpty()) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          where,
          "a config that GGUF can keep",
          Quoted.list(lost),
          "The model would compute something else; keep it as safetensors.");
    }
  }

  /** Equal values; null in the original leaves a size to follow from the others. */
  private static boolean equal(JsonNode one, JsonNode other) {
    if (one.isNull() && other.isNumber()) {
      return true;
    }
    if (one.isNumber() && other.isNumber()) {
      double a = one.doubleValue();
      double b = other.doubleValue();
      return Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));
    }
    return one.equals(other) || isNothing(one) && isNothing(other);
  }

  private static boolean isNothing(JsonNode value) {
    return value.isNull() || value.isBoolean() && !value.booleanValue();
  }

  /** Whether a value says only what is so anyway. */
  private static boolean isNeutral(JsonNode original, String key, JsonNode value) {
    return switch (key) {
      case "scale_attn_weights" -> value.asBoolean(false);
      case "partial_rotary_factor" -> value.asDouble(0) == 1;
      case "sliding_window" -> isNothing(original.path("use_sliding_window")) || value.isNull();
      case "layer_types" ->
          value.valueStream().allMatch(t -> t.asString("").equals("full_attention"));
      case "head_dim" -> value.isNumber() && headIsShared(original, value.intValue());
      default -> isNothing(value) || value.isContainer() && value.isEmpty();
    };
  }

  private static boolean headIsShared(JsonNode original, int head) {
    long heads = original.path("num_attention_heads").asLong(0);
    return original.path("hidden_size").asLong(0) == heads * head;
  }
}
