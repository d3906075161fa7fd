package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.DecodeState;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Options of decoders that no recording has: they must hold what holds of every decoder. Written as
 * {@code model_type Architecture: key=value …} on small sizes.
 */
@Tag("unit")
class DecoderOptionsTest {
  private static final String SIZES =
      """
      {"vocab_size": 23, "hidden_size": 12, "intermediate_size": 10, "num_hidden_layers": 4,
       "num_attention_heads": 6, "num_key_value_heads": 3, "head_dim": 4, "pad_token_id": 0,
       "max_position_embeddings": 32}
      """;
  private static final String WITHOUT_HEADS =
      "intermediate_size=absent; num_attention_heads=absent; num_key_value_heads=absent; "
          + "head_dim=absent; max_position_embeddings=absent";
  private static final Tolerance CLOSE = new Tolerance(1e-8, 1e-10);

  private static ModelConfig config(String options) {
    ObjectNode json = (ObjectNode) JsonMapper.shared().readTree(SIZES);
    String[] parts = options.split(": ", 2);
    String[] names = parts[0].split(" ");
    json.put("model_type", names[0]);
    json.putArray("architectures").add(names[1]);
    if (parts.length > 1) {
      for (String option : parts[1].split("; ")) {
        String[] pair = option.split("=", 2);
        if (pair[1].equals("absent")) {
          json.remove(pair[0]);
        } else {
          json.set(pair[0], JsonMapper.shared().readTree(pair[1].replace('\'', '"')));
        }
      }
    }
    return new ModelConfig("config.json", json);
  }

  private static Model build(String options) {
    ModelConfig config = config(options);
    ModelFamilies.Choice choice = ModelFamilies.of(config);
    Weights weights = Weights.initialise(new Generator(3), DType.F64);
    try {
      Model model = choice.builder().build(weights, config);
      config.requireAllKnown(choice.family().ignoredKeys());
      return model;
    } catch (RuntimeException e) {
      weights.discard();
      throw e;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama LlamaForCausalLM: attention_bias=true; mlp_bias=true; tie_word_embeddings=true",
        "llama LlamaForCausalLM: rope_scaling={'type': 'dynamic', 'factor': 2.0}; "
            + "max_position_embeddings=4",
        "mistral MistralForCausalLM: sliding_window=3",
        "mistral MistralForCausalLM: sliding_window=null",
        "qwen2 Qwen2ForCausalLM: use_sliding_window=true; sliding_window=3; max_window_layers=2",
        "qwen3 Qwen3ForCausalLM: attention_bias=true; tie_word_embeddings=true",
        "smollm3 SmolLM3ForCausalLM: use_sliding_window=true; sliding_window=2; "
            + "no_rope_layer_interval=2",
        "gemma GemmaForCausalLM: hidden_act='gelu'",
        "gemma2 Gemma2ForCausalLM: sliding_window=2; attn_logit_softcapping=null; "
            + "attention_bias=true",
        "gemma3_text Gemma3ForCausalLM: sliding_window=2; final_logit_softcapping=3.0; "
            + "sliding_window_pattern=2",
        "gemma4_text Gemma4ForCausalLM: enable_moe_block=true; num_experts=4; top_k_experts=2; "
            + "moe_intermediate_size=5; attention_k_eq_v=true; num_global_key_value_heads=2; "
            + "global_head_dim=8; num_kv_shared_layers=2; use_double_wide_mlp=true; "
            + "sliding_window=3; hidden_size_per_layer_input=0; "
            + "layer_types=['sliding_attention', 'full_attention', 'sliding_attention', "
            + "'full_attention']",
        "gemma4_text Gemma4ForCausalLM: hidden_size_per_layer_input=3; "
            + "vocab_size_per_layer_input=23; global_head_dim=8; sliding_window=3",
        "phi PhiForCausalLM: qk_layernorm=true; head_dim=absent; hidden_size=24",
        "phi3 Phi3ForCausalLM: partial_rotary_factor=0.5; sliding_window=3; head_dim=absent; "
            + "hidden_size=24; original_max_position_embeddings=4; rope_scaling={'type': "
            + "'longrope', 'short_factor': [1.0], 'long_factor': [3.0]}",
        "olmo OlmoForCausalLM: clip_qkv=0.1; head_dim=absent; hidden_size=24",
        "olmo2 Olmo2ForCausalLM: attention_bias=true",
        "olmo3 Olmo3ForCausalLM: sliding_window=2; rope_scaling={'type': 'linear', 'factor': 2.0}",
        "olmoe OlmoeForCausalLM: clip_qkv=0.1; norm_topk_prob=true; num_experts=5; "
            + "num_experts_per_tok=2",
        "granite GraniteForCausalLM: tie_word_embeddings=true; residual_multiplier=0.3",
        "granitemoe GraniteMoeForCausalLM: num_local_experts=3; num_experts_per_tok=2",
        "glm GlmForCausalLM: attention_bias=true",
        "glm4 Glm4ForCausalLM: attention_bias=false; partial_rotary_factor=1.0",
        "glm4_moe Glm4MoeForCausalLM: n_routed_experts=6; num_experts_per_tok=2; n_group=3; "
            + "topk_group=2; moe_intermediate_size=5; use_qk_norm=true; attention_bias=true; "
            + "n_shared_experts=2",
        "cohere CohereForCausalLM: use_qk_norm=true; head_dim=absent; hidden_size=24",
        "cohere2 Cohere2ForCausalLM: sliding_window=2; sliding_window_pattern=2; "
            + "tie_word_embeddings=false",
        "seed_oss SeedOssForCausalLM: attention_out_bias=true; mlp_bias=true",
        "exaone4 Exaone4ForCausalLM: sliding_window=null",
        "exaone4 Exaone4ForCausalLM: sliding_window=2; sliding_window_pattern='LLG'",
        "apertus ApertusForCausalLM: hidden_act='relu2'; attention_bias=true",
        "apertus ApertusForCausalLM",
        "helium HeliumForCausalLM: attention_bias=true; hidden_size=24",
        "ernie4_5 Ernie4_5ForCausalLM: use_bias=true; tie_word_embeddings=false",
        "starcoder2 Starcoder2ForCausalLM: use_bias=false; sliding_window=null",
        "stablelm StableLmForCausalLM: use_parallel_residual=true; qk_layernorm=true; "
            + "head_dim=absent; hidden_size=48",
        "nemotron NemotronForCausalLM: attention_bias=true; mlp_bias=true",
        "diffllama DiffLlamaForCausalLM: attention_bias=true",
        "mixtral MixtralForCausalLM: sliding_window=3; num_local_experts=3; num_experts_per_tok=3",
        "qwen2_moe Qwen2MoeForCausalLM: decoder_sparse_step=2; qkv_bias=false; num_experts=4; "
            + "moe_intermediate_size=5; shared_expert_intermediate_size=3; norm_topk_prob=true",
        "qwen3_moe Qwen3MoeForCausalLM: use_sliding_window=true; sliding_window=3; num_experts=4; "
            + "num_experts_per_tok=2; moe_intermediate_size=5",
        "gpt_oss GptOssForCausalLM: sliding_window=3; num_local_experts=4; num_experts_per_tok=2",
        "deepseek_v2 DeepseekV2ForCausalLM: topk_method='group_limited_greedy'; n_group=3; "
            + "topk_group=1; n_routed_experts=6; num_experts_per_tok=2; moe_intermediate_size=5; "
            + "q_lora_rank=7; kv_lora_rank=5; qk_rope_head_dim=4; qk_nope_head_dim=3; "
            + "v_head_dim=6; attention_bias=true; mlp_bias=true; first_k_dense_replace=2",
        "deepseek_v3 DeepseekV3ForCausalLM: rope_interleave=false; q_lora_rank=null; "
            + "n_group=2; topk_group=2; n_routed_experts=6; num_experts_per_tok=3; "
            + "moe_intermediate_size=5; kv_lora_rank=5; qk_rope_head_dim=4; qk_nope_head_dim=3; "
            + "v_head_dim=6; first_k_dense_replace=1; rope_scaling={'type': 'yarn', 'factor': 4.0, "
            + "'original_max_position_embeddings': 8, 'mscale': 1.0, 'mscale_all_dim': 0.7}",
        "llama4_text Llama4ForCausalLM: attention_chunk_size=3; num_local_experts=3; "
            + "num_experts_per_tok=2; intermediate_size_mlp=9; attn_temperature_tuning=false; "
            + "use_qk_norm=false; attention_bias=true; interleave_moe_layer_step=2",
        "mamba MambaForCausalLM: use_bias=true; use_conv_bias=false; hidden_act='gelu'; "
            + "time_step_rank='auto'; state_size=3; conv_kernel=6; tie_word_embeddings=false; "
            + WITHOUT_HEADS,
        "mamba2 Mamba2ForCausalLM: use_conv_bias=false; hidden_act='relu'; state_size=3; "
            + "num_heads=6; head_dim=4; n_groups=3; time_step_limit=[0.001, 0.5]; "
            + "num_attention_heads=absent; intermediate_size=absent; num_key_value_heads=absent; "
            + "max_position_embeddings=absent",
        "qwen3_next Qwen3NextForCausalLM: full_attention_interval=2; linear_conv_kernel_dim=3;"
            + " linear_key_head_dim=5; linear_value_head_dim=3; linear_num_key_heads=2;"
            + " linear_num_value_heads=2; attention_bias=true; decoder_sparse_step=2;"
            + " num_experts=4; num_experts_per_tok=2; moe_intermediate_size=5;"
            + " shared_expert_intermediate_size=3; norm_topk_prob=false; hidden_act='gelu';"
            + " partial_rotary_factor=0.5",
        "qwen3_5_text Qwen3_5ForCausalLM: linear_conv_kernel_dim=5; linear_key_head_dim=3; "
            + "linear_value_head_dim=4; linear_num_key_heads=1; linear_num_value_heads=3; "
            + "tie_word_embeddings=true; partial_rotary_factor=1.0; layer_types="
            + "['full_attention', 'linear_attention', 'linear_attention', 'linear_attention']",
        "falcon_h1 FalconH1ForCausalLM: mamba_d_ssm=null; mamba_expand=2; mamba_n_heads=6; "
            + "mamba_n_groups=2; mamba_d_state=3; mamba_rms_norm=true; attention_bias=true; "
            + "mlp_bias=true; projectors_bias=true; mlp_multipliers=[0.5, 2.0]; "
            + "ssm_multipliers=[0.9, 0.8, 1.1, 1.2, 0.7]; time_step_limit=[0.001, 0.5]; "
            + "key_multiplier=0.3; ssm_in_multiplier=1.5; attention_in_multiplier=0.7",
        "falcon_h1 FalconH1ForCausalLM: mamba_d_ssm=10; mamba_n_heads=2; mamba_d_state=3; "
            + "mamba_rms_norm=true; mamba_norm_before_gate=false; mamba_conv_bias=false",
        "granitemoehybrid GraniteMoeHybridForCausalLM: position_embedding_type='rope'; "
            + "num_local_experts=0; shared_intermediate_size=7; mamba_n_heads=4; "
            + "mamba_n_groups=2; mamba_d_state=3; attention_bias=true; "
            + "layer_types=['mamba', 'attention', 'attention', 'mamba']",
        "granitemoehybrid GraniteMoeHybridForCausalLM: num_local_experts=4; mamba_n_heads=3;"
            + " shared_intermediate_size=7; mamba_d_state=3; mamba_expand=1;"
            + " tie_word_embeddings=true",
        "jamba JambaForCausalLM: attn_layer_period=2; attn_layer_offset=0; num_experts=3; "
            + "mamba_dt_rank='auto'; mamba_d_state=3; mamba_conv_bias=false; hidden_act='gelu'",
        "jamba JambaForCausalLM: attn_layer_period=4; attn_layer_offset=3; num_experts=1; "
            + "mamba_dt_rank=5; mamba_expand=3; tie_word_embeddings=true",
        "zamba2 Zamba2ForCausalLM: layers_block_type=['hybrid', 'hybrid', 'mamba', 'hybrid']; "
            + "num_mem_blocks=2; adapter_rank=3; use_shared_attention_adapter=true; "
            + "use_mem_rope=true; n_mamba_heads=3; mamba_ngroups=3; mamba_d_state=5; "
            + "head_dim=absent; num_key_value_heads=6",
        "zamba2 Zamba2ForCausalLM: num_hidden_layers=7; n_mamba_heads=4; mamba_d_state=5; "
            + "head_dim=absent; tie_word_embeddings=false; intermediate_size=absent; "
            + "hidden_act='silu'; time_step_min=0.003; num_key_value_heads=6",
        "minimax MiniMaxForCausalLM: num_local_experts=3; sliding_window=3; "
            + "linear_attn_alpha_factor=0.7; mlp_beta_factor=1.3; full_attn_beta_factor=0.5",
        "minimax MiniMaxForCausalLM: num_local_experts=2; tie_word_embeddings=true; layer_types="
            + "['linear_attention', 'linear_attention', 'full_attention', 'linear_attention']",
        "lfm2 Lfm2ForCausalLM: full_attn_idxs=[1, 3]; conv_L_cache=4; block_multiple_of=4; "
            + "block_ffn_dim_multiplier=1.5; tie_embedding=false",
      })
  void a_decoder_neither_sees_ahead_nor_padding_and_goes_on_where_it_stopped(String options) {
    try (TensorScope scope = TensorScope.open();
        Model model = build(options)) {
      Tensor text = Tensor.of(new long[] {5, 9, 2, 11, 8, 3, 17}, 1, 7);
      Tensor whole = logits(model, text);
      assertThat(whole.toDoubleArray()).doesNotContain(Double.NaN);
      padded(model, whole);
      // Stretched positions change with the length of a text, and states with them.
      if (!options.contains("dynamic")) {
        TensorAssert.assertClose(logits(model, text.narrow(1, 0, 5)), whole.narrow(1, 0, 5), CLOSE);
        TensorAssert.assertClose(steps(model, text), whole.narrow(1, 6, 1), CLOSE);
      }
      everyParameterLearns(model, text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mamba2 Mamba2ForCausalLM: use_bias=true; state_size=3; num_heads=4; head_dim=6; "
            + "n_groups=1; time_step_limit=[0.0, {'__float__': 'Infinity'}]; "
            + "num_attention_heads=absent; intermediate_size=absent; num_key_value_heads=absent; "
            + "max_position_embeddings=absent",
        "falcon_h1 FalconH1ForCausalLM: mamba_d_ssm=10; mamba_n_heads=2; mamba_d_state=3; "
            + "mamba_proj_bias=true",
        "granitemoehybrid GraniteMoeHybridForCausalLM: num_local_experts=0; mamba_n_heads=3; "
            + "shared_intermediate_size=7; mamba_d_state=3; mamba_proj_bias=true",
        "zamba2 Zamba2ForCausalLM: layers_block_type=['mamba', 'hybrid', 'mamba', 'mamba']; "
            + "n_mamba_heads=3; mamba_d_state=5; head_dim=absent; add_bias_linear=true",
        "jamba JambaForCausalLM: attn_layer_period=2; num_experts=1; attn_layer_offset=0; "
            + "mamba_proj_bias=true",
        "lfm2 Lfm2ForCausalLM: conv_bias=true; block_auto_adjust_ff_dim=false; "
            + "layer_types=['conv', 'conv', 'full_attention', 'conv']",
        "rwkv RwkvForCausalLM: attention_hidden_size=8; rescale_every=2; layer_norm_epsilon=1e-6; "
            + WITHOUT_HEADS,
        "rwkv RwkvForCausalLM: rescale_every=0; tie_word_embeddings=true; " + WITHOUT_HEADS,
        "recurrent_gemma RecurrentGemmaForCausalLM: hidden_size=24; lru_width=18; "
            + "attention_window_size=3; block_types=['attention', 'recurrent']; conv1d_width=3; "
            + "attention_bias=true; max_position_embeddings=absent",
      })
  void a_decoder_that_reads_padding_goes_on_where_it_stopped_too(String options) {
    try (TensorScope scope = TensorScope.open();
        Model model = build(options)) {
      Tensor text = Tensor.of(new long[] {5, 9, 2, 11, 8, 3, 17}, 1, 7);
      Tensor whole = logits(model, text);
      assertThat(whole.toDoubleArray()).doesNotContain(Double.NaN);
      TensorAssert.assertClose(logits(model, text.narrow(1, 0, 5)), whole.narrow(1, 0, 5), CLOSE);
      TensorAssert.assertClose(steps(model, text), whole.narrow(1, 6, 1), CLOSE);
      everyParameterLearns(model, text);
    }
  }

  @Test
  void texts_with_padding_are_refused_where_it_could_not_be_skipped() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("rwkv RwkvForCausalLM: " + WITHOUT_HEADS)) {
      Tensor ids = Tensor.of(new long[] {0, 5, 9}, 1, 3);
      Tensor mask = Tensor.of(new long[] {0, 1, 1}, 1, 3);
      ModelInput input = ModelInput.of("input_ids", ids).with("attention_mask", mask);
      assertThatThrownBy(() -> model.apply(input)).hasMessageContaining("attention_mask");
    }
  }

  private static Tensor logits(Model model, Tensor ids) {
    return model.apply(ModelInput.of("input_ids", ids)).logits();
  }

  /** The text after two tokens of padding, at the places that it has without them. */
  private static void padded(Model model, Tensor whole) {
    Tensor ids = Tensor.of(new long[] {0, 0, 5, 9, 2, 11, 8, 3, 17}, 1, 9);
    Tensor mask = Tensor.of(new long[] {0, 0, 1, 1, 1, 1, 1, 1, 1}, 1, 9);
    Tensor places = Tensor.of(new long[] {1, 1, 0, 1, 2, 3, 4, 5, 6}, 1, 9);
    Tensor beside =
        model
            .apply(
                ModelInput.of(
                    Map.of("input_ids", ids, "attention_mask", mask, "position_ids", places)))
            .logits();
    TensorAssert.assertClose(beside.narrow(1, 2, 7), whole, CLOSE);
  }

  /** The last token's scores after a call of five tokens and two of one each. */
  private static Tensor steps(Model model, Tensor text) {
    try (DecodeState state = new DecodeState()) {
      model.apply(ModelInput.of("input_ids", text.narrow(1, 0, 5)).with(state));
      model.apply(ModelInput.of("input_ids", text.narrow(1, 5, 1)).with(state));
      return model
          .apply(ModelInput.of("input_ids", text.narrow(1, 6, 1)).with(state))
          .logits()
          .copy();
    }
  }

  /** Experts that no token chose, and theirs alone, get no gradient. */
  private static void everyParameterLearns(Model model, Tensor text) {
    model.requiresGrad(true);
    List<String> names = new ArrayList<>(model.trainable().keySet());
    List<Tensor> found = gradients(model, text, Trace.changing());
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).contains("expert")) {
        assertThat(found.get(i).abs().max().item()).as(names.get(i)).isPositive();
      }
    }
    // Gemma 4 says that it needs its activations.
    if (model.parameters().keySet().stream().noneMatch(name -> name.endsWith("layer_scalar"))) {
      List<Tensor> anew = gradients(model, text, Trace.changing().checkpointing());
      for (int i = 0; i < names.size(); i++) {
        TensorAssert.assertClose(anew.get(i), found.get(i), CLOSE);
      }
    }
    model.requiresGrad(false);
  }

  private static List<Tensor> gradients(Model model, Tensor text, Trace trace) {
    ModelInput input = ModelInput.of("input_ids", text).with("labels", text);
    Tensor loss = model.apply(input, trace).require("loss");
    return Gradients.of(loss, model.trainable().values().stream().<Tensor>map(t -> t).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gemma2 Gemma2ForCausalLM: use_bidirectional_attention=true",
        "gemma3_text Gemma3ForCausalLM: attn_logit_softcapping=3.0",
        "gemma4_text Gemma4ForCausalLM: use_bidirectional_attention='all'",
        "gemma4_text Gemma4ForCausalLM: num_kv_shared_layers=4",
        "gemma4_text Gemma4ForCausalLM: enable_moe_block=true",
        "mistral MistralForCausalLM: sliding_window=0",
        "qwen2 Qwen2ForCausalLM: layer_types=['full_attention']",
        "qwen2 Qwen2ForCausalLM: layer_types=['a', 'b', 'c', 'd']",
        "mixtral MixtralForCausalLM: router_jitter_noise=0.1",
        "deepseek_v2 DeepseekV2ForCausalLM: norm_topk_prob=true; num_experts_per_tok=2",
        "cohere2 Cohere2ForCausalLM: rotary_pct=0.5",
        "llama LlamaForCausalLM: num_key_value_heads=4",
        "llama LlamaForCausalLM: hidden_act='unheard_of'",
        "smollm3 SmolLM3ForCausalLM: no_rope_layers=[1]",
        "llama LlamaForCausalLM: query_pre_attn_scalar=3",
        "mamba MambaForCausalLM: intermediate_size=25",
        "mamba MambaForCausalLM: time_step_rank='other'; intermediate_size=24",
        "mamba2 Mamba2ForCausalLM: num_heads=5",
        "mamba2 Mamba2ForCausalLM: time_step_limit=[0.0]; num_heads=6",
        "lfm2 Lfm2ForCausalLM: layer_types=['conv', 'conv', 'conv', 'sliding_attention']",
        "recurrent_gemma RecurrentGemmaForCausalLM: block_types=['other']; head_dim=2",
        "recurrent_gemma RecurrentGemmaForCausalLM: attention_window_size=0; head_dim=2",
      })
  void what_cannot_be_computed_is_refused_by_name(String options) {
    String key = options.replaceAll(".*: |=.*", "");
    assertThatThrownBy(() -> build(options).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(key);
  }

  @Test
  void a_model_that_was_trained_on_both_ways_sees_ahead_as_far_as_back() {
    String options =
        "gemma3_text Gemma3TextModel: use_bidirectional_attention=true; sliding_window=2; "
            + "num_hidden_layers=1; layer_types=['sliding_attention']";
    try (TensorScope scope = TensorScope.open();
        Model model = build(options)) {
      assertThat(model.kind()).isEqualTo(ModelKind.ENCODER);
      Tensor one = states(model, 5, 9, 2, 11, 8);
      Tensor other = states(model, 5, 9, 2, 11, 4);
      // The window of 2 becomes one of two keys each way: the last token reaches one before it.
      TensorAssert.assertClose(one.narrow(1, 0, 3), other.narrow(1, 0, 3), CLOSE);
      assertThat(one.narrow(1, 3, 1).sub(other.narrow(1, 3, 1)).abs().max().item()).isPositive();
      try (DecodeState state = new DecodeState()) {
        Tensor token = Tensor.of(new long[] {5}, 1, 1);
        model.apply(ModelInput.of("input_ids", token).with(state));
        assertThatThrownBy(() -> model.apply(ModelInput.of("input_ids", token).with(state)))
            .hasMessageContaining("a whole text in one call");
      }
    }
  }

  private static Tensor states(Model model, long... ids) {
    return model.apply(ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length))).lastHiddenState();
  }
}
