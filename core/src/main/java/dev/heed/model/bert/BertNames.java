package dev.heed.model.bert;

/**
 * What the parts of a layer are called in a checkpoint, below the layer's path: BERT and its
 * relatives have the same parts under different names.
 *
 * @param attention the path whose trace points attention's values bear
 * @param query the query projection
 * @param key the key projection
 * @param value the value projection
 * @param output the projection that joins the heads
 * @param attentionNorm the norm of the attention block
 * @param inner the first map of the feed-forward network
 * @param outer the second map of the feed-forward network
 * @param outputNorm the norm of the feed-forward block
 */
public record BertNames(
    String attention,
    String query,
    String key,
    String value,
    String output,
    String attentionNorm,
    String inner,
    String outer,
    String outputNorm) {
  /** BERT, RoBERTa, ELECTRA, BigBird, LayoutLM … */
  public static final BertNames BERT =
      new BertNames(
          "attention.self",
          "attention.self.query",
          "attention.self.key",
          "attention.self.value",
          "attention.output.dense",
          "attention.output.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  /** DistilBERT. */
  public static final BertNames DISTILBERT =
      new BertNames(
          "attention",
          "attention.q_lin",
          "attention.k_lin",
          "attention.v_lin",
          "attention.out_lin",
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm");

  /** MPNet. */
  public static final BertNames MPNET =
      new BertNames(
          "attention.attn",
          "attention.attn.q",
          "attention.attn.k",
          "attention.attn.v",
          "attention.attn.o",
          "attention.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm");

  /** ALBERT. */
  public static final BertNames ALBERT =
      new BertNames(
          "attention",
          "attention.query",
          "attention.key",
          "attention.value",
          "attention.dense",
          "attention.LayerNorm",
          "ffn",
          "ffn_output",
          "full_layer_layer_norm");

  /** The same with other names for the two norms. */
  public BertNames withNorms(String ofAttention, String ofOutput) {
    return new BertNames(attention, query, key, value, output, ofAttention, inner, outer, ofOutput);
  }
}
