package dev.heed.golden;

import java.util.Set;

/** The recordings that nothing implements yet; this list shall end empty. */
final class PendingCases {
  /** File names without ending, one a line. */
  static final Set<String> NAMES =
      Set.of(
          "compressive_attention",
          "compressive_transformer",
          "compressive_transformer_gru",
          "longformer_dilated",
          "longformer_dilated_global",
          "longformer_global",
          "longformer_no_overlap",
          "longformer_padding",
          "longformer_sliding",
          "lora_conv2d",
          "lora_embedding",
          "lora_linear",
          "lora_linear_fan_in_fan_out",
          "lora_merged_linear",
          "prefix_attention",
          "prefix_tuning_gpt2",
          "reformer_full_qk",
          "reformer_full_qk_causal",
          "reformer_lsh",
          "reformer_lsh_causal",
          "reformer_lsh_nodup",
          "reformer_lsh_padding",
          "reformer_lsh_self_attention",
          "reformer_lsh_within_buckets",
          "retro_chunked_cross_attention",
          "retro_decoder",
          "reversible_block",
          "sparse_fixed",
          "sparse_fixed_shared",
          "sparse_local",
          "sparse_strided",
          "sparse_strided_blocks",
          "tp_attention",
          "tp_encoder_layer",
          "tp_transformer",
          "transformer_xl_attention",
          "transformer_xl_attention_prenorm",
          "transformer_xl_lm",
          "transformer_xl_rel_shift",
          "universal_transformer",
          "universal_transformer_act");

  private PendingCases() {}
}
