package dev.heed.model;

import java.util.Map;
import java.util.Set;

/** The keys that every {@code config.json} may have, whatever its family. */
public final class ConfigKeys {
  /**
   * Keys that cannot change what a model computes from given tokens: bookkeeping, what training
   * starts from, and what generation takes from {@code generation_config.json}.
   */
  public static final Set<String> BOOKKEEPING =
      Set.of(
          "_name_or_path",
          "_commit_hash",
          "_attn_implementation_autoset",
          "architectures",
          "attn_implementation",
          "_attn_implementation",
          "auto_map",
          "bad_words_ids",
          "begin_suppress_tokens",
          "bos_token_id",
          "cls_token_id",
          "custom_pipelines",
          "decoder_start_token_id",
          "diversity_penalty",
          "do_sample",
          "dtype",
          "early_stopping",
          "encoder_no_repeat_ngram_size",
          "eos_token_id",
          "exponential_decay_length_penalty",
          "finetuning_task",
          "forced_bos_token_id",
          "forced_decoder_ids",
          "forced_eos_token_id",
          "gradient_checkpointing",
          "id2label",
          "init_std",
          "initializer_factor",
          "initializer_range",
          "keys_to_ignore_at_inference",
          "label2id",
          "length_penalty",
          "mask_token_id",
          "max_length",
          "min_length",
          "model_type",
          "no_repeat_ngram_size",
          "num_beam_groups",
          "num_beams",
          "num_return_sequences",
          "output_attentions",
          "output_hidden_states",
          "output_past",
          "output_router_logits",
          "output_scores",
          "pad_token_id",
          "prefix",
          "problem_type",
          "remove_invalid_values",
          "repetition_penalty",
          "return_dict",
          "return_dict_in_generate",
          "sbert_ce_default_activation_function",
          "sentence_transformers",
          "sep_token_id",
          "suppress_tokens",
          "task_specific_params",
          "temperature",
          "tokenizer_class",
          "top_k",
          "top_p",
          "torch_dtype",
          "torchscript",
          "transformers_version",
          "transformers.js_config",
          "typical_p",
          "unsloth_fixed",
          "unsloth_version",
          "use_cache",
          "chunk_size_feed_forward",
          "num_labels",
          "is_encoder_decoder");

  /** Keys that must have this value, as JSON, unless a family reads them. */
  static final Map<String, String> NEUTRAL =
      Map.of(
          "pruned_heads", "{}",
          "is_decoder", "false",
          "add_cross_attention", "false",
          "cross_attention_hidden_size", "null",
          "tie_encoder_decoder", "false",
          "use_bfloat16", "false",
          "tf_legacy_loss", "false",
          "quantization_config", "null");

  private ConfigKeys() {}
}
