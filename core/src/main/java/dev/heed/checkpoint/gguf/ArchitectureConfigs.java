package dev.heed.checkpoint.gguf;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code config.json} of each architecture from its metadata, in the spelling of published
 * checkpoints.
 *
 * <p>Source: llama.cpp's {@code llama-model.cpp}, {@code load_hparams}, and Hugging Face's
 * configuration classes.
 */
final class ArchitectureConfigs {
  private static final String ROPE_FREQUENCIES = "rope_freqs.weight";
  private static final String ROPE_LONG = "rope_factors_long.weight";
  private static final String ROPE_SHORT = "rope_factors_short.weight";

  private static final int MOST_LAYERS = 4096;

  private ArchitectureConfigs() {}

  static ObjectNode llama(GgufConfig config) {
    config.named("LlamaForCausalLM");
    config.require("expert_count", 0);
    config.require("expert_used_count", 0);
    int head = decoder(config, "hidden_act", "silu");
    rotary(config, head);
    config.json().put("attention_bias", has(config, "blk.0.attn_q.bias"));
    config.json().put("mlp_bias", has(config, "blk.0.ffn_up.bias"));
    return config.finish();
  }

  static ObjectNode mixtral(GgufConfig config) {
    config.named("MixtralForCausalLM");
    int head = decoder(config, "hidden_act", "silu");
    rotary(config, head);
    config.copyInteger("expert_count", "num_local_experts");
    config.copyInteger("expert_used_count", "num_experts_per_tok");
    config.json().putNull("sliding_window");
    return config.finish();
  }

  static ObjectNode qwen2(GgufConfig config) {
    config.named("Qwen2ForCausalLM");
    int head = decoder(config, "hidden_act", "silu");
    rotary(config, head);
    config.json().put("use_sliding_window", false);
    return config.finish();
  }

  static ObjectNode qwen3(GgufConfig config) {
    config.named("Qwen3ForCausalLM");
    int head = decoder(config, "hidden_act", "silu");
    rotary(config, head);
    config.json().put("attention_bias", has(config, "blk.0.attn_q.bias"));
    config.json().put("use_sliding_window", false);
    return config.finish();
  }

  static ObjectNode qwen3Experts(GgufConfig config) {
    config.named("Qwen3MoeForCausalLM");
    int head = decoder(config, "hidden_act", "silu");
    rotary(config, head);
    config.json().put("attention_bias", has(config, "blk.0.attn_q.bias"));
    config.json().put("use_sliding_window", false);
    config.copyInteger("expert_count", "num_experts");
    config.copyInteger("expert_used_count", "num_experts_per_tok");
    config.copyInteger("expert_feed_forward_length", "moe_intermediate_size");
    config.json().put("norm_topk_prob", true);
    config.json().put("decoder_sparse_step", 1);
    config.json().putArray("mlp_only_layers");
    return config.finish();
  }

  static ObjectNode gemma(GgufConfig config) {
    config.named("GemmaForCausalLM");
    int head = decoder(config, "hidden_activation", "gelu_pytorch_tanh");
    config.json().put("hidden_act", "gelu_pytorch_tanh");
    rotary(config, head);
    return config.finish();
  }

  static ObjectNode gemma2(GgufConfig config) {
    config.named("Gemma2ForCausalLM");
    int head = decoder(config, "hidden_activation", "gelu_pytorch_tanh");
    rotary(config, head);
    softCaps(config, 50.0, 30.0);
    // The 27B model scales scores by the width of a head if all heads shared the hidden size.
    queryScale(config, head, 46);
    window(config, 2, 4096);
    return config.finish();
  }

  static ObjectNode gemma3(GgufConfig config) {
    config.named("Gemma3ForCausalLM");
    int head = decoder(config, "hidden_activation", "gelu_pytorch_tanh");
    rotary(config, head);
    config.json().put("rope_local_base_freq", config.number("rope.freq_base_swa").orElse(10_000.0));
    softCaps(config, null, null);
    queryScale(config, head, 62);
    window(config, config.integer("attention.sliding_window_pattern", 6), 1024);
    return config.finish();
  }

  static ObjectNode phi3(GgufConfig config) {
    config.named("Phi3ForCausalLM");
    int head = decoder(config, "hidden_act", "silu");
    int turned = config.integer("rope.dimension_count", head);
    if (turned != head) {
      config.json().put("partial_rotary_factor", turned / (double) head);
    }
    int context = config.integer("context_length");
    int original = config.integer("rope.scaling.original_context_length", context);
    config.json().put("original_max_position_embeddings", original);
    if (has(config, ROPE_LONG)) {
      ObjectNode scaling = config.json().putObject("rope_scaling");
      scaling.put("rope_type", "longrope");
      factors(config, ROPE_LONG, scaling.putArray("long_factor"));
      factors(config, ROPE_SHORT, scaling.putArray("short_factor"));
      config
          .number("rope.scaling.attn_factor")
          .ifPresent(factor -> scaling.put("attention_factor", factor));
    }
    config
        .find("attention.sliding_window")
        .ifPresent(window -> config.json().put("sliding_window", window.integer()));
    return config.finish();
  }

  static ObjectNode gpt2(GgufConfig config) {
    config.named("GPT2LMHeadModel");
    config.copyInteger("context_length", "n_positions");
    config.copyInteger("embedding_length", "n_embd");
    config.json().put("n_layer", layers(config));
    config.copyInteger("attention.head_count", "n_head");
    config.copyInteger("feed_forward_length", "n_inner");
    config.copyNumber("attention.layer_norm_epsilon", "layer_norm_epsilon");
    config.json().put("activation_function", "gelu_new");
    config.vocabulary();
    tied(config);
    return config.finish();
  }

  static ObjectNode bert(GgufConfig config) {
    config.named("BertModel");
    encoder(config, "gelu");
    config.json().put("position_embedding_type", "absolute");
    return config.finish();
  }

  static ObjectNode nomicBert(GgufConfig config) {
    config.named("NomicBertModel");
    encoder(config, "silu");
    config.json().put("rope_theta", config.number("rope.freq_base").orElse(10_000.0));
    int head = config.integer("embedding_length") / config.integer("attention.head_count");
    config.json().put("head_dim", head);
    config.require("rope.dimension_count", head);
    config.require("rope.scaling.type", "none");
    return config.finish();
  }

  private static int layers(GgufConfig config) {
    int layers = config.integer("block_count");
    if (layers > MOST_LAYERS) {
      throw config.refused("block_count", "at most " + MOST_LAYERS + " layers", layers + "");
    }
    return layers;
  }

  private static void encoder(GgufConfig config, String activation) {
    config.copyInteger("context_length", "max_position_embeddings");
    config.copyInteger("embedding_length", "hidden_size");
    config.json().put("num_hidden_layers", layers(config));
    config.copyInteger("attention.head_count", "num_attention_heads");
    config.copyInteger("feed_forward_length", "intermediate_size");
    config.copyNumber("attention.layer_norm_epsilon", "layer_norm_eps");
    config.json().put("hidden_act", activation);
    config.json().put("type_vocab_size", config.file().shape("token_types.weight").size(0));
    config.require("attention.causal", false);
    // How states become one vector is not the model's own affair; see GgufModel.pooling.
    config.ignore("pooling_type");
    config.vocabulary();
  }

  /** What all decoders have; returns the size of a head. */
  private static int decoder(GgufConfig config, String activationKey, String activation) {
    ObjectNode json = config.json();
    config.copyInteger("context_length", "max_position_embeddings");
    config.copyInteger("embedding_length", "hidden_size");
    config.json().put("num_hidden_layers", layers(config));
    config.copyInteger("feed_forward_length", "intermediate_size");
    config.copyInteger("attention.head_count", "num_attention_heads");
    int heads = config.integer("attention.head_count");
    json.put("num_key_value_heads", config.integer("attention.head_count_kv", heads));
    config.copyNumber("attention.layer_norm_rms_epsilon", "rms_norm_eps");
    json.put(activationKey, activation);
    json.put("rope_theta", config.number("rope.freq_base").orElse(10_000.0));
    if (heads == 0) {
      throw config.refused("attention.head_count", "at least one head", "0");
    }
    int shared = config.integer("embedding_length") / heads;
    int head = config.integer("attention.key_length", shared);
    config.require("attention.value_length", head);
    if (config.find("attention.key_length").isPresent()) {
      json.put("head_dim", head);
    }
    config.vocabulary();
    tied(config);
    return head;
  }

  private static void tied(GgufConfig config) {
    boolean tied = !has(config, "output.weight") || config.file().outputIsTied();
    config.json().put("tie_word_embeddings", tied);
  }

  /** Rotary positions on whole heads, with the scalings that GGUF names. */
  private static void rotary(GgufConfig config, int head) {
    config.require("rope.dimension_count", head);
    ObjectNode json = config.json();
    String type = config.find("rope.scaling.type").map(GgufValue::text).orElse("none");
    double factor =
        config
            .number("rope.scaling.factor")
            .or(() -> config.number("rope.scale_linear"))
            .orElse(1.0);
    int context = config.integer("context_length");
    int original = config.integer("rope.scaling.original_context_length", context);
    config.ignore("rope.scaling.finetuned");
    if (has(config, ROPE_FREQUENCIES)) {
      // Divisors of the frequencies, however they were chosen: LongRoPE's form holds any.
      if (!type.equals("none") && factor != 1) {
        throw config.refused("rope.scaling.type", "none beside " + ROPE_FREQUENCIES, type);
      }
      ObjectNode scaling = json.putObject("rope_scaling");
      scaling.put("rope_type", "longrope");
      factors(config, ROPE_FREQUENCIES, scaling.putArray("short_factor"));
      factors(config, ROPE_FREQUENCIES, scaling.putArray("long_factor"));
      scaling.put("attention_factor", 1.0);
      scaling.put("original_max_position_embeddings", original);
    } else if (type.equals("linear") || type.equals("none") && factor != 1) {
      json.putObject("rope_scaling").put("rope_type", "linear").put("factor", factor);
    } else if (type.equals("yarn")) {
      json.putObject("rope_scaling")
          .put("rope_type", "yarn")
          .put("factor", factor)
          .put("original_max_position_embeddings", original);
      config.require("rope.scaling.attn_factor", 1.0);
    } else if (!type.equals("none")) {
      throw config.refused("rope.scaling.type", "none, linear or yarn", type);
    }
  }

  private static void factors(GgufConfig config, String tensor, ArrayNode list) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor factors = config.file().read(tensor).to(DType.F32);
      for (float factor : factors.toFloatArray()) {
        list.add(GgufConfig.shortest(factor));
      }
    }
  }

  private static void softCaps(
      GgufConfig config, @Nullable Double attention, @Nullable Double output) {
    cap(config, "attn_logit_softcapping", attention);
    cap(config, "final_logit_softcapping", output);
  }

  private static void cap(GgufConfig config, String key, @Nullable Double absent) {
    Optional<Double> value = config.number(key).or(() -> Optional.ofNullable(absent));
    value.ifPresentOrElse(cap -> config.json().put(key, cap), () -> config.json().putNull(key));
  }

  private static void queryScale(GgufConfig config, int head, int layersOfLargest) {
    boolean largest = layers(config) == layersOfLargest;
    int shared = config.integer("embedding_length") / config.integer("attention.head_count");
    config.json().put("query_pre_attn_scalar", largest ? shared : head);
  }

  /** Sliding windows in all layers but every so many. */
  private static void window(GgufConfig config, int every, int absent) {
    config.json().put("sliding_window", config.integer("attention.sliding_window", absent));
    ArrayNode types = config.json().putArray("layer_types");
    for (int layer = 1; layer <= layers(config); layer++) {
      types.add(layer % every == 0 ? "full_attention" : "sliding_attention");
    }
  }

  private static boolean has(GgufConfig config, String tensor) {
    return config.file().names().contains(tensor);
  }
}
