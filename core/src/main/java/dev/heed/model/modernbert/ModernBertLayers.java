package dev.heed.model.modernbert;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.HeadChange;
import dev.heed.attention.HeadProjections.Fused;
import dev.heed.attention.HeadProjections.Layout;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.position.PairLayout;
import dev.heed.attention.position.RotaryPositions;
import dev.heed.model.ModelConfig;
import dev.heed.model.RotaryConfig;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.modernbert.ModernBertConfig.LayerType;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * ModernBERT's layers: attention to all or to tokens nearby, then a gated feed-forward network,
 * both normalised before.
 *
 * @param config sizes and choices
 * @param everywhere rotary positions of layers that see all
 * @param nearby rotary positions of layers that see nearby tokens
 */
record ModernBertLayers(
    ModernBertConfig config, RotaryPositions everywhere, RotaryPositions nearby) {
  static ModernBertLayers of(ModernBertConfig config, ModelConfig keys) {
    keys.known("rope_parameters");
    double global = config.globalRopeTheta();
    double local = config.localRopeTheta() == null ? global : config.localRopeTheta();
    return new ModernBertLayers(
        config,
        rotary(config, keys, LayerType.FULL_ATTENTION, global),
        rotary(config, keys, LayerType.SLIDING_ATTENTION, local));
  }

  /** The positions of one type of layers, which {@code rope_parameters} lists apart. */
  private static RotaryPositions rotary(
      ModernBertConfig config, ModelConfig keys, LayerType type, double base) {
    ObjectNode own = JsonMapper.shared().createObjectNode();
    JsonNode parameters =
        keys.json().path("rope_parameters").path(type.name().toLowerCase(Locale.ROOT));
    if (parameters.isObject()) {
      own.set("rope_parameters", parameters);
    }
    return RotaryConfig.of(new ModelConfig(keys.where(), own), base, config.maxPositionEmbeddings())
        .positions(PairLayout.HALF_SPLIT, config.headSize());
  }

  List<TransformerLayer> below(Weights weights) {
    return IntStream.range(0, config.numHiddenLayers())
        .mapToObj(i -> layer(weights.child("layers", i), i))
        .toList();
  }

  private TransformerLayer layer(Weights weights, int number) {
    // The embeddings are normalised already.
    Norm first =
        number == 0 ? Norm.NONE : ModernBertFamily.norm(weights.child("attn_norm"), config);
    Dropout dropout = new Dropout(config.mlpDropout());
    Weights mlp = weights.child("mlp");
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    GatedFeedForward feedForward =
        GatedFeedForward.fused(
            mlp,
            Linear.of(mlp.child("Wi"), size, 2 * inner, config.mlpBias()),
            Linear.of(mlp.child("Wo"), inner, size, config.mlpBias()),
            Activation.named(config.hiddenActivation()),
            dropout);
    return new TransformerLayer(
        weights,
        Residual.pre(
            first,
            LayerBody.self(attention(weights.child("attn"), config.type(number))),
            new Dropout(config.attentionDropout())),
        Residual.pre(
            ModernBertFamily.norm(weights.child("mlp_norm"), config),
            LayerBody.each(feedForward::apply),
            new Dropout(0)));
  }

  private MultiHeadAttention attention(Weights weights, LayerType type) {
    long size = config.hiddenSize();
    int heads = config.numAttentionHeads();
    AttentionMechanism exact =
        new ScaledDotProduct(Double.NaN, new Dropout(config.attentionDropout()));
    int reach = config.localAttention() / 2;
    return new MultiHeadAttention(
        weights,
        new Fused(
            Linear.of(weights.child("Wqkv"), size, 3 * size, config.attentionBias()),
            Layout.BLOCKS,
            heads,
            Linear.of(weights.child("Wo"), size, size, config.attentionBias())),
        heads,
        List.of(HeadChange.rotary(type == LayerType.FULL_ATTENTION ? everywhere : nearby)),
        type == LayerType.FULL_ATTENTION
            ? exact
            : exact.within(AttentionMask.window(reach, reach)));
  }
}
