package dev.heed.checkpoint.gguf;

import java.util.ArrayList;
import java.util.List;

/**
 * The names of each architecture's tensors.
 *
 * <p>Source: gguf-py's {@code constants.py} for GGUF's names; Hugging Face's published checkpoints
 * for theirs.
 */
final class ArchitectureRules {
  private static final String LAYER = "model.layers.#.";

  private ArchitectureRules() {}

  /** LLaMA: rotary positions turn neighbours, so that queries and keys are reordered. */
  static List<TensorRule> llama() {
    List<TensorRule> rules = llamaAttention();
    feedForward(rules);
    return rules;
  }

  /** LLaMA with Mixtral's experts. */
  static List<TensorRule> mixtral() {
    List<TensorRule> rules = llamaAttention();
    String experts = LAYER + "block_sparse_moe.";
    same(rules, "blk.#.ffn_gate_inp.weight", experts + "gate.weight");
    experts(rules, "gate", experts + "experts.#.w1.weight");
    experts(rules, "up", experts + "experts.#.w3.weight");
    experts(rules, "down", experts + "experts.#.w2.weight");
    return rules;
  }

  private static List<TensorRule> llamaAttention() {
    List<TensorRule> rules = new ArrayList<>();
    frame(rules);
    norms(rules, TensorLayout.SAME);
    for (String part : List.of("weight", "bias")) {
      String ours = "blk.#.attn_";
      String theirs = LAYER + "self_attn.";
      rules.add(
          new TensorRule(ours + "q." + part, theirs + "q_proj." + part, TensorLayout.QUERY_PAIRS));
      rules.add(
          new TensorRule(ours + "k." + part, theirs + "k_proj." + part, TensorLayout.KEY_PAIRS));
      same(rules, ours + "v." + part, theirs + "v_proj." + part);
      same(rules, ours + "output." + part, theirs + "o_proj." + part);
    }
    return rules;
  }

  /** Qwen2 and Qwen3: rotary positions turn half a head apart in both. */
  static List<TensorRule> qwen() {
    List<TensorRule> rules = plainAttention();
    norms(rules, TensorLayout.SAME);
    queryKeyNorms(rules, TensorLayout.SAME);
    feedForward(rules);
    return rules;
  }

  static List<TensorRule> qwenExperts() {
    List<TensorRule> rules = plainAttention();
    norms(rules, TensorLayout.SAME);
    queryKeyNorms(rules, TensorLayout.SAME);
    feedForward(rules);
    same(rules, "blk.#.ffn_gate_inp.weight", LAYER + "mlp.gate.weight");
    for (String part : List.of("gate", "up", "down")) {
      experts(rules, part, LAYER + "mlp.experts.#." + part + "_proj.weight");
    }
    return rules;
  }

  /** Gemma: norms' weights have their 1 added. */
  static List<TensorRule> gemma() {
    List<TensorRule> rules = plainAttention();
    rules.removeIf(rule -> rule.ours().equals("output_norm.weight"));
    norms(rules, TensorLayout.ONE_ADDED);
    rules.add(new TensorRule("output_norm.weight", "model.norm.weight", TensorLayout.ONE_ADDED));
    feedForward(rules);
    return rules;
  }

  /** Gemma 2 and 3: norms after attention and feed-forward as well. */
  static List<TensorRule> sandwichedGemma() {
    List<TensorRule> rules = gemma();
    rules.removeIf(rule -> rule.ours().equals("blk.#.ffn_norm.weight"));
    String[][] names = {
      {"ffn_norm", "pre_feedforward_layernorm"},
      {"post_attention_norm", "post_attention_layernorm"},
      {"post_ffw_norm", "post_feedforward_layernorm"}
    };
    for (String[] pair : names) {
      rules.add(
          new TensorRule(
              "blk.#." + pair[0] + ".weight", LAYER + pair[1] + ".weight", TensorLayout.ONE_ADDED));
    }
    queryKeyNorms(rules, TensorLayout.ONE_ADDED);
    return rules;
  }

  /** Phi-3: queries, keys and values in one matrix, gate and up in another. */
  static List<TensorRule> phi3() {
    List<TensorRule> rules = new ArrayList<>();
    frame(rules);
    norms(rules, TensorLayout.SAME);
    same(rules, "blk.#.attn_qkv.weight", LAYER + "self_attn.qkv_proj.weight");
    same(rules, "blk.#.attn_output.weight", LAYER + "self_attn.o_proj.weight");
    same(rules, "blk.#.ffn_up.weight", LAYER + "mlp.gate_up_proj.weight");
    same(rules, "blk.#.ffn_down.weight", LAYER + "mlp.down_proj.weight");
    return rules;
  }

  /** GPT-2: its matrices are stored as {@code [in, out]} by Hugging Face. */
  static List<TensorRule> gpt2() {
    List<TensorRule> rules = new ArrayList<>();
    same(rules, "token_embd.weight", "transformer.wte.weight");
    same(rules, "position_embd.weight", "transformer.wpe.weight");
    same(rules, "output.weight", "lm_head.weight");
    both(rules, "output_norm", "transformer.ln_f", TensorLayout.SAME);
    String layer = "transformer.h.#.";
    both(rules, "blk.#.attn_norm", layer + "ln_1", TensorLayout.SAME);
    both(rules, "blk.#.ffn_norm", layer + "ln_2", TensorLayout.SAME);
    both(rules, "blk.#.attn_qkv", layer + "attn.c_attn", TensorLayout.TRANSPOSED);
    both(rules, "blk.#.attn_output", layer + "attn.c_proj", TensorLayout.TRANSPOSED);
    both(rules, "blk.#.ffn_up", layer + "mlp.c_fc", TensorLayout.TRANSPOSED);
    both(rules, "blk.#.ffn_down", layer + "mlp.c_proj", TensorLayout.TRANSPOSED);
    return rules;
  }

  /** BERT without its pooler and heads. */
  static List<TensorRule> bert() {
    List<TensorRule> rules = new ArrayList<>();
    same(rules, "token_embd.weight", "embeddings.word_embeddings.weight");
    same(rules, "position_embd.weight", "embeddings.position_embeddings.weight");
    same(rules, "token_types.weight", "embeddings.token_type_embeddings.weight");
    both(rules, "token_embd_norm", "embeddings.LayerNorm", TensorLayout.SAME);
    String layer = "encoder.layer.#.";
    both(rules, "blk.#.attn_q", layer + "attention.self.query", TensorLayout.SAME);
    both(rules, "blk.#.attn_k", layer + "attention.self.key", TensorLayout.SAME);
    both(rules, "blk.#.attn_v", layer + "attention.self.value", TensorLayout.SAME);
    both(rules, "blk.#.attn_output", layer + "attention.output.dense", TensorLayout.SAME);
    both(rules, "blk.#.attn_output_norm", layer + "attention.output.LayerNorm", TensorLayout.SAME);
    both(rules, "blk.#.ffn_up", layer + "intermediate.dense", TensorLayout.SAME);
    both(rules, "blk.#.ffn_down", layer + "output.dense", TensorLayout.SAME);
    both(rules, "blk.#.layer_output_norm", layer + "output.LayerNorm", TensorLayout.SAME);
    return rules;
  }

  static List<TensorRule> nomicBert() {
    List<TensorRule> rules = new ArrayList<>();
    same(rules, "token_embd.weight", "embeddings.word_embeddings.weight");
    same(rules, "token_types.weight", "embeddings.token_type_embeddings.weight");
    both(rules, "token_embd_norm", "emb_ln", TensorLayout.SAME);
    String layer = "encoder.layers.#.";
    same(rules, "blk.#.attn_qkv.weight", layer + "attn.Wqkv.weight");
    same(rules, "blk.#.attn_output.weight", layer + "attn.out_proj.weight");
    both(rules, "blk.#.attn_output_norm", layer + "norm1", TensorLayout.SAME);
    same(rules, "blk.#.ffn_up.weight", layer + "mlp.fc11.weight");
    same(rules, "blk.#.ffn_gate.weight", layer + "mlp.fc12.weight");
    same(rules, "blk.#.ffn_down.weight", layer + "mlp.fc2.weight");
    both(rules, "blk.#.layer_output_norm", layer + "norm2", TensorLayout.SAME);
    return rules;
  }

  private static List<TensorRule> plainAttention() {
    List<TensorRule> rules = new ArrayList<>();
    frame(rules);
    String theirs = LAYER + "self_attn.";
    both(rules, "blk.#.attn_q", theirs + "q_proj", TensorLayout.SAME);
    both(rules, "blk.#.attn_k", theirs + "k_proj", TensorLayout.SAME);
    both(rules, "blk.#.attn_v", theirs + "v_proj", TensorLayout.SAME);
    both(rules, "blk.#.attn_output", theirs + "o_proj", TensorLayout.SAME);
    return rules;
  }

  private static void frame(List<TensorRule> rules) {
    same(rules, "token_embd.weight", "model.embed_tokens.weight");
    same(rules, "output_norm.weight", "model.norm.weight");
    same(rules, "output.weight", "lm_head.weight");
  }

  private static void norms(List<TensorRule> rules, TensorLayout layout) {
    String[][] names = {{"attn_norm", "input_layernorm"}, {"ffn_norm", "post_attention_layernorm"}};
    for (String[] pair : names) {
      rules.add(
          new TensorRule("blk.#." + pair[0] + ".weight", LAYER + pair[1] + ".weight", layout));
    }
  }

  private static void queryKeyNorms(List<TensorRule> rules, TensorLayout layout) {
    for (String part : List.of("q", "k")) {
      rules.add(
          new TensorRule(
              "blk.#.attn_" + part + "_norm.weight",
              LAYER + "self_attn." + part + "_norm.weight",
              layout));
    }
  }

  private static void feedForward(List<TensorRule> rules) {
    for (String part : List.of("gate", "up", "down")) {
      both(rules, "blk.#.ffn_" + part, LAYER + "mlp." + part + "_proj", TensorLayout.SAME);
    }
  }

  private static void experts(List<TensorRule> rules, String part, String theirs) {
    rules.add(new TensorRule("blk.#.ffn_" + part + "_exps.weight", theirs, TensorLayout.EXPERTS));
  }

  /** A matrix and its bias, which has one dimension and so only one layout. */
  private static void both(
      List<TensorRule> rules, String ours, String theirs, TensorLayout layout) {
    rules.add(new TensorRule(ours + ".weight", theirs + ".weight", layout));
    same(rules, ours + ".bias", theirs + ".bias");
  }

  private static void same(List<TensorRule> rules, String ours, String theirs) {
    rules.add(new TensorRule(ours, theirs, TensorLayout.SAME));
  }
}
