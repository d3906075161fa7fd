package dev.heed.model.block;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.nn.Dropout;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.function.Function;

/**
 * The layers of Llama and its descendants, under the names that their checkpoints share: where the
 * norms stand.
 */
public final class DecoderLayers {
  private static final Dropout NONE = new Dropout(0);

  private DecoderLayers() {}

  /**
   * Attention at a path, which while decoding forgets what a window no longer reaches.
   *
   * @param window keys that a query sees, its own included; 0 for all before it
   */
  public static LayerBody attention(
      Weights weights,
      HeadProjections projections,
      int heads,
      List<HeadChange> changes,
      AttentionMechanism mechanism,
      int window) {
    // Old files keep the rotary frequencies beside the weights.
    weights.ignore("rotary_emb.inv_freq");
    MultiHeadAttention self =
        new MultiHeadAttention(weights, projections, heads, changes, mechanism);
    return LayerBody.self(window == 0 ? self : self.remembering(window));
  }

  /** Norms before attention and before the feed-forward network (Llama). */
  public static TransformerLayer preNorm(
      Weights weights, Function<Weights, Norm> norm, LayerBody attention, LayerBody feedForward) {
    return new TransformerLayer(
        weights,
        Residual.pre(norm.apply(weights.child("input_layernorm")), attention, NONE),
        Residual.pre(norm.apply(weights.child("post_attention_layernorm")), feedForward, NONE));
  }

  /** Norms after attention and after the feed-forward network, within the branch (OLMo 2). */
  public static TransformerLayer postNorm(
      Weights weights, Function<Weights, Norm> norm, LayerBody attention, LayerBody feedForward) {
    return new TransformerLayer(
        weights,
        Residual.sandwich(
            Norm.NONE, attention, norm.apply(weights.child("post_attention_layernorm")), NONE),
        Residual.sandwich(
            Norm.NONE, feedForward, norm.apply(weights.child("post_feedforward_layernorm")), NONE));
  }

  /** Norms before and after both, within the branch (Gemma 2). */
  public static TransformerLayer sandwich(
      Weights weights, Function<Weights, Norm> norm, LayerBody attention, LayerBody feedForward) {
    return new TransformerLayer(
        weights,
        Residual.sandwich(
            norm.apply(weights.child("input_layernorm")),
            attention,
            norm.apply(weights.child("post_attention_layernorm")),
            NONE),
        Residual.sandwich(
            norm.apply(weights.child("pre_feedforward_layernorm")),
            feedForward,
            norm.apply(weights.child("post_feedforward_layernorm")),
            NONE));
  }
}
