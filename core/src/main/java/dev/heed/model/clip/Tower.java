package dev.heed.model.clip;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Norm;
import dev.heed.nn.Weights;
import java.util.List;
import java.util.stream.IntStream;

/** The layers of CLIP's encoders: norms before each part, {@code mlp.fc1} and {@code mlp.fc2}. */
final class Tower {
  private Tower() {}

  /**
   * All layers, {@code encoder.layers.0} and on.
   *
   * @param norm after the last, before which the last hidden states are recorded
   * @param names what the output's series begin with
   */
  static TransformerStack stack(Weights weights, TowerConfig config, Norm norm, String names) {
    List<TransformerLayer> layers =
        IntStream.range(0, config.numHiddenLayers())
            .mapToObj(i -> layer(weights.child("encoder.layers", i), config))
            .toList();
    return TransformerStack.of(layers, norm).recordedBeforeNorm().named(names);
  }

  private static TransformerLayer layer(Weights weights, TowerConfig config) {
    int size = config.hiddenSize();
    Weights attention = weights.child("self_attn");
    MultiHeadAttention self =
        new MultiHeadAttention(
            attention,
            HeadProjections.of(attention, size),
            config.numAttentionHeads(),
            List.of(),
            ScaledDotProduct.dropping(config.attentionDropout()));
    Dropout none = new Dropout(0);
    return new TransformerLayer(
        weights,
        Residual.pre(norm(weights, "layer_norm1", config), LayerBody.self(self), none),
        Residual.pre(
            norm(weights, "layer_norm2", config),
            LayerBody.each(feedForward(weights.child("mlp"), config)::apply),
            none));
  }

  static FeedForward feedForward(Weights weights, TowerConfig config) {
    return new FeedForward(
        weights,
        Linear.of(weights.child("fc1"), config.hiddenSize(), config.intermediateSize()),
        Linear.of(weights.child("fc2"), config.intermediateSize(), config.hiddenSize()),
        Activation.named(config.hiddenAct()),
        new Dropout(0));
  }

  static LayerNorm norm(Weights weights, String name, TowerConfig config) {
    return new LayerNorm(weights.child(name), config.hiddenSize(), config.layerNormEps());
  }
}
