package dev.heed.model.gemma;

import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.HeadSizes;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.PairLayout;
import dev.heed.model.LayerRotary;
import dev.heed.model.LayerType;
import dev.heed.model.ModelConfig;
import dev.heed.model.block.LayerBody;
import dev.heed.nn.Dropout;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.RmsNorm;
import dev.heed.nn.Weights;
import java.util.List;

/**
 * The attention of each layer of Gemma 4: unscaled scores of normalised queries and keys,
 * normalised values; or the keys and values of the last layer of its type before the shared ones.
 *
 * @param keys the config, for messages
 * @param types of all layers
 * @param rotary of both types
 */
record Gemma4Attention(
    ModelConfig keys, Gemma4Config config, List<LayerType> types, LayerRotary rotary) {
  /**
   * Builds a layer's.
   *
   * @param number of the layer, from 0
   * @param window keys that a query sees, its own included; 0 for all before it
   */
  LayerBody of(Weights weights, int number, int window) {
    LayerType type = types.get(number);
    HeadSizes heads = config.heads(type);
    boolean shared = number >= config.firstShared();
    int lender = lender(type);
    if (shared && lender < 0) {
      throw keys.unsupported(
          "num_kv_shared_layers",
          "a layer of each type before the layers that share keys",
          keys.json().get("num_kv_shared_layers"));
    }
    if (shared) {
      // Published files keep projections that the layer has no use for.
      weights.ignoreBelow("k_proj", "v_proj", "k_norm", "v_norm");
    }
    MultiHeadAttention self =
        new MultiHeadAttention(
            weights,
            shared
                ? borrowed(weights, heads, layerPath(weights, number, lender))
                : own(weights, heads, type),
            heads.heads(),
            changes(weights, heads, type, shared),
            new ScaledDotProduct(1, new Dropout(config.attentionDropout())));
    MultiHeadAttention windowed = window == 0 || shared ? self : self.remembering(window);
    return LayerBody.self(!shared && number == lender ? windowed.lending() : windowed);
  }

  /** The last layer of a type before those that share keys, or -1. */
  private int lender(LayerType type) {
    return types.subList(0, config.firstShared()).lastIndexOf(type);
  }

  /** The path of another layer's attention. */
  private static String layerPath(Weights weights, int number, int other) {
    String end = number + ".self_attn";
    String path = weights.path();
    return path.substring(0, path.length() - end.length()) + other + ".self_attn";
  }

  private HeadProjections borrowed(Weights weights, HeadSizes heads, String lender) {
    boolean bias = config.attentionBias();
    return new HeadProjections.Borrowed(
        Linear.of(weights.child("q_proj"), heads.size(), heads.queries(), bias),
        heads.keyHeads(),
        lender,
        Linear.of(weights.child("o_proj"), heads.queries(), heads.size(), bias));
  }

  private HeadProjections own(Weights weights, HeadSizes heads, LayerType type) {
    boolean bias = config.attentionBias();
    if (!config.attentionKEqV() || type != LayerType.FULL) {
      return HeadProjections.grouped(weights, heads, bias, bias);
    }
    Linear both = Linear.of(weights.child("k_proj"), heads.size(), heads.keys(), bias);
    return new HeadProjections.Separate(
        Linear.of(weights.child("q_proj"), heads.size(), heads.queries(), bias),
        both,
        both,
        Linear.of(weights.child("o_proj"), heads.queries(), heads.size(), bias));
  }

  private List<HeadChange> changes(
      Weights weights, HeadSizes heads, LayerType type, boolean shared) {
    double epsilon = config.rmsNormEps();
    RmsNorm queries = new RmsNorm(weights.child("q_norm"), heads.headSize(), epsilon);
    Norm keyNorm =
        shared ? Norm.NONE : new RmsNorm(weights.child("k_norm"), heads.headSize(), epsilon);
    return List.of(
        HeadChange.norms(queries, keyNorm),
        HeadChange.valueNorm(RmsNorm.plain(epsilon)),
        HeadChange.rotary(rotary.of(type).positions(PairLayout.HALF_SPLIT, heads.headSize())));
  }
}
