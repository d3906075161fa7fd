package dev.heed.checkpoint.gguf;

import tools.jackson.databind.JsonNode;

/**
 * The metadata of each architecture from a {@code config.json}; {@link ArchitectureConfigs} the
 * other way round.
 *
 * <p>Source: llama.cpp's {@code convert_hf_to_gguf.py}, {@code set_gguf_parameters}.
 */
final class ArchitectureMetadata {
  private ArchitectureMetadata() {}

  /** Fills a draft. */
  static void fill(String modelType, MetadataDraft draft) {
    switch (modelType) {
      case "bert" -> encoder(draft);
      case "nomic_bert" -> {
        encoder(draft);
        draft.put("rope.freq_base", GgufValue.of((float) draft.ropeBase(10_000)));
        requirePlainRope(draft);
      }
      case "gpt2" -> gpt2(draft);
      case "phi3" -> phi3(draft);
      default -> {
        int head = decoder(draft);
        rotary(draft, head);
        special(modelType, draft);
      }
    }
    draft.copyToken("bos_token_id", "bos");
    draft.copyToken("eos_token_id", "eos");
    draft.copyToken("pad_token_id", "padding");
  }

  private static void special(String modelType, MetadataDraft draft) {
    switch (modelType) {
      case "mixtral" -> {
        draft.copyInteger("num_local_experts", "expert_count");
        draft.copyInteger("num_experts_per_tok", "expert_used_count");
      }
      case "qwen3_moe" -> {
        draft.copyInteger(
            draft.has("num_experts") ? "num_experts" : "num_local_experts", "expert_count");
        draft.copyInteger("num_experts_per_tok", "expert_used_count");
        draft.copyInteger("moe_intermediate_size", "expert_feed_forward_length");
      }
      case "gemma2", "gemma3_text" -> {
        draft.copyInteger("sliding_window", "attention.sliding_window");
        draft.copyIfThere("attn_logit_softcapping", "attn_logit_softcapping");
        draft.copyIfThere("final_logit_softcapping", "final_logit_softcapping");
        if (draft.has("rope_local_base_freq")) {
          draft.copyNumber("rope_local_base_freq", "rope.freq_base_swa");
        }
      }
      default -> {}
    }
  }

  private static int decoder(MetadataDraft draft) {
    draft.copyInteger("max_position_embeddings", "context_length");
    draft.copyInteger("hidden_size", "embedding_length");
    draft.copyInteger("num_hidden_layers", "block_count");
    draft.copyInteger("intermediate_size", "feed_forward_length");
    draft.copyInteger("num_attention_heads", "attention.head_count");
    int heads = draft.integer("num_attention_heads");
    draft.copyInteger("num_key_value_heads", "attention.head_count_kv", heads);
    draft.copyNumber("rms_norm_eps", "attention.layer_norm_rms_epsilon");
    draft.put("rope.freq_base", GgufValue.of((float) draft.ropeBase(10_000)));
    if (heads == 0) {
      throw draft.error("num_attention_heads", "at least one", "0");
    }
    int head = draft.integer("hidden_size") / heads;
    if (draft.has("head_dim")) {
      head = draft.integer("head_dim");
      draft.put("attention.key_length", GgufValue.of(head));
      draft.put("attention.value_length", GgufValue.of(head));
    }
    return head;
  }

  private static void rotary(MetadataDraft draft, int head) {
    draft.put("rope.dimension_count", GgufValue.of(head));
    JsonNode scaling = draft.ropeScaling();
    String type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
    switch (type) {
      case "default" -> {}
      case "linear" -> {
        draft.put("rope.scaling.type", GgufValue.of("linear"));
        draft.put("rope.scaling.factor", factor(draft, scaling));
      }
      case "yarn" -> {
        draft.put("rope.scaling.type", GgufValue.of("yarn"));
        draft.put("rope.scaling.factor", factor(draft, scaling));
        draft.put(
            "rope.scaling.original_context_length",
            GgufValue.of((int) draft.number(scaling, "original_max_position_embeddings")));
        for (String key : new String[] {"attention_factor", "beta_fast", "beta_slow", "mscale"}) {
          if (scaling.hasNonNull(key)) {
            throw draft.error("rope_scaling", "no " + key + " beside yarn", scaling.toString());
          }
        }
      }
      case "llama3" -> draft.factors().put("rope_freqs.weight", llama3(draft, scaling, head));
      case "longrope" -> {
        boolean equal =
            scaling.path("short_factor").equals(scaling.path("long_factor"))
                && scaling.path("attention_factor").asDouble(0) == 1;
        if (!equal) {
          throw draft.error("rope_scaling", "equal factors and no change", scaling.toString());
        }
        draft.factors().put("rope_freqs.weight", list(draft, scaling, "short_factor"));
      }
      default ->
          throw draft.error(
              "rope_scaling", "default, linear, yarn, llama3 or equal longrope", type);
    }
  }

  private static GgufValue factor(MetadataDraft draft, JsonNode scaling) {
    return GgufValue.of((float) draft.number(scaling, "factor"));
  }

  /**
   * What LLaMA 3 divides each frequency by: nothing for short waves, the factor for long ones, and
   * what lies between for those between.
   */
  private static float[] llama3(MetadataDraft draft, JsonNode scaling, int head) {
    double factor = draft.number(scaling, "factor");
    double low = draft.number(scaling, "low_freq_factor");
    double high = draft.number(scaling, "high_freq_factor");
    double original = draft.number(scaling, "original_max_position_embeddings");
    double base = draft.ropeBase(10_000);
    float[] factors = new float[head / 2];
    for (int i = 0; i < factors.length; i++) {
      double wave = 2 * Math.PI * Math.pow(base, 2.0 * i / head);
      double share = Math.clamp((original / wave - low) / (high - low), 0, 1);
      factors[i] = (float) (1 / ((1 - share) / factor + share));
    }
    return factors;
  }

  private static float[] list(MetadataDraft draft, JsonNode scaling, String key) {
    JsonNode list = scaling.path(key);
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!list.get(i).isNumber()) {
        throw draft.error("rope_scaling", "a list of numbers " + key, list.toString());
      }
      values[i] = (float) list.get(i).doubleValue();
    }
    return values;
  }

  private static void phi3(MetadataDraft draft) {
    int head = decoder(draft);
    JsonNode scaling = draft.ropeScaling();
    double share =
        draft.has("partial_rotary_factor")
            ? draft.number("partial_rotary_factor")
            : scaling.path("partial_rotary_factor").asDouble(1);
    draft.put("rope.dimension_count", GgufValue.of((int) (head * share)));
    if (draft.has("original_max_position_embeddings")) {
      draft.copyInteger("original_max_position_embeddings", "rope.scaling.original_context_length");
    }
    if (draft.has("sliding_window")) {
      draft.copyInteger("sliding_window", "attention.sliding_window");
    }
    if (scaling.has("long_factor")) {
      draft.factors().put("rope_factors_long.weight", list(draft, scaling, "long_factor"));
      draft.factors().put("rope_factors_short.weight", list(draft, scaling, "short_factor"));
      double context = draft.integer("max_position_embeddings");
      double original = draft.integer("original_max_position_embeddings");
      double usual =
          context <= original
              ? 1
              : Math.sqrt(1 + Math.log(context / original) / Math.log(original));
      double attention = scaling.path("attention_factor").asDouble(usual);
      draft.put("rope.scaling.attn_factor", GgufValue.of((float) attention));
    } else {
      requirePlainRope(draft);
    }
  }

  private static void requirePlainRope(MetadataDraft draft) {
    String type = draft.ropeScaling().path("rope_type").asString("default");
    if (!type.equals("default")) {
      throw draft.error("rope_scaling", "none", type);
    }
  }

  private static void gpt2(MetadataDraft draft) {
    draft.copyInteger("n_positions", "context_length");
    draft.copyInteger("n_embd", "embedding_length");
    draft.copyInteger("n_layer", "block_count");
    draft.copyInteger("n_head", "attention.head_count");
    draft.copyInteger("n_inner", "feed_forward_length", 4 * draft.integer("n_embd"));
    draft.copyNumber("layer_norm_epsilon", "attention.layer_norm_epsilon");
  }

  private static void encoder(MetadataDraft draft) {
    draft.copyInteger("max_position_embeddings", "context_length");
    draft.copyInteger("hidden_size", "embedding_length");
    draft.copyInteger("num_hidden_layers", "block_count");
    draft.copyInteger("num_attention_heads", "attention.head_count");
    draft.copyInteger("intermediate_size", "feed_forward_length");
    draft.copyNumber("layer_norm_eps", "attention.layer_norm_epsilon");
    draft.put("attention.causal", GgufValue.of(false));
  }
}
