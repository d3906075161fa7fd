package dev.heed.model.nomic;

import dev.heed.checkpoint.Quoted;
import dev.heed.model.ModelConfig;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The config of the checkpoints that the authors published, which names everything as GPT-2 does,
 * read as the one of transformers.
 */
final class PublishedNomicConfig {
  /** From the published key to transformers'. */
  private static final Map<String, String> NAMES =
      Map.of(
          "n_embd", "hidden_size",
          "n_head", "num_attention_heads",
          "n_layer", "num_hidden_layers",
          "n_inner", "intermediate_size",
          "max_trained_positions", "max_position_embeddings",
          "layer_norm_epsilon", "layer_norm_eps",
          "resid_pdrop", "hidden_dropout_prob",
          "attn_pdrop", "attention_probs_dropout_prob",
          "rotary_emb_base", "rope_theta");

  /** What else the published code could do, and the one choice that was made. */
  private static final Map<String, String> CHOICES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("activation_function", "\"swiglu\""),
              Map.entry("causal", "false"),
              Map.entry("mlp_fc1_bias", "false"),
              Map.entry("mlp_fc2_bias", "false"),
              Map.entry("parallel_block", "false"),
              Map.entry("parallel_block_tied_norm", "false"),
              Map.entry("prenorm", "false"),
              Map.entry("qkv_proj_bias", "false"),
              Map.entry("rotary_emb_fraction", "1.0"),
              Map.entry("rotary_emb_interleaved", "false"),
              Map.entry("rotary_emb_scale_base", "null"),
              Map.entry("scale_attn_by_inverse_layer_idx", "false"),
              Map.entry("scale_attn_weights", "true"),
              Map.entry("use_rms_norm", "false")));

  /** How the reference's kernels run, and keys that nothing reads. */
  private static final String[] IDLE = {
    "dense_seq_output",
    "embd_pdrop",
    "fused_bias_fc",
    "fused_dropout_add_ln",
    "n_positions",
    "pad_vocab_size_multiple",
    "reorder_and_upcast_attn",
    "summary_activation",
    "summary_first_dropout",
    "summary_proj_to_labels",
    "summary_type",
    "summary_use_proj",
    "use_flash_attn",
    "use_xentropy"
  };

  private PublishedNomicConfig() {}

  /** The config itself unless it is a published one. */
  static ModelConfig read(ModelConfig keys) {
    JsonNode json = keys.json();
    if (!json.has("n_embd")) {
      return keys;
    }
    ObjectNode renamed = JsonMapper.shared().createObjectNode();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      String key = entry.getKey();
      String choice = CHOICES.get(key);
      if (choice != null) {
        keys.known(key);
        if (!entry.getValue().equals(JsonMapper.shared().readTree(choice))) {
          throw keys.unsupported(Quoted.of(key), choice, entry.getValue());
        }
      } else if (NAMES.containsKey(key)) {
        keys.known(key);
        renamed.set(NAMES.get(key), entry.getValue());
      } else {
        renamed.set(key, entry.getValue());
      }
    }
    keys.known(IDLE);
    keys.known("rotary_scaling_factor", "vocab_size", "type_vocab_size", "pad_token_id");
    JsonNode factor = json.get("rotary_scaling_factor");
    if (factor != null && !factor.isNull()) {
      ObjectNode scaling = JsonMapper.shared().createObjectNode();
      scaling.put("type", "dynamic").set("factor", factor);
      renamed.set("rope_scaling", scaling);
    }
    return new ModelConfig(keys.where(), renamed);
  }
}
