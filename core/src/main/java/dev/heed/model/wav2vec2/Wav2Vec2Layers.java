package dev.heed.model.wav2vec2;

import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.model.block.TransformerStack;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The layers of wav2vec 2.0, whose norms stand before each part, or after its sum.
 *
 * @param config sizes
 * @param stable whether norms stand before
 */
record Wav2Vec2Layers(Wav2Vec2Config config, boolean stable) {
  private static final double EPSILON = 1e-5;

  /** All of them below {@code encoder}, with plain attention. */
  TransformerStack stack(Weights weights) {
    return stack(weights, this::plain);
  }

  /**
   * All of them below {@code encoder}.
   *
   * @param mixer makes a layer's attention at its path, for the layer's number
   */
  TransformerStack stack(Weights weights, BiFunction<Weights, Integer, SequenceMixer> mixer) {
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      Weights own = weights.child("encoder.layers", i);
      layers.add(layer(own, mixer.apply(own.child("attention"), i)));
    }
    return stable
        ? TransformerStack.of(layers, norm(weights.child("encoder.layer_norm")))
        : TransformerStack.of(layers);
  }

  private SequenceMixer plain(Weights attention, int layer) {
    return attention(attention);
  }

  /** Plain attention. */
  MultiHeadAttention attention(Weights attention) {
    return new MultiHeadAttention(
        attention,
        HeadProjections.of(attention, config.hiddenSize()),
        config.numAttentionHeads(),
        List.of(),
        ScaledDotProduct.dropping(config.attentionDropout()));
  }

  private TransformerLayer layer(Weights weights, SequenceMixer mixer) {
    Dropout dropout = new Dropout(config.hiddenDropout());
    LayerBody self = LayerBody.self(mixer);
    LayerBody feedForward = feedForward(weights.child("feed_forward"));
    LayerNorm first = norm(weights.child("layer_norm"));
    LayerNorm last = norm(weights.child("final_layer_norm"));
    if (!stable) {
      return new TransformerLayer(
          weights, Residual.post(first, self, dropout), Residual.post(last, feedForward, dropout));
    }
    Residual attends = Residual.pre(first, self, dropout);
    Residual thinks = Residual.pre(last, feedForward, dropout);
    Integer inner = config.adapterAttnDim();
    return inner == null
        ? new TransformerLayer(weights, attends, thinks)
        : new TransformerLayer(
            weights, attends, thinks, language(weights.child("adapter_layer"), inner));
  }

  private LayerBody feedForward(Weights weights) {
    int size = config.hiddenSize();
    FeedForward network =
        new FeedForward(
            weights,
            Linear.of(weights.child("intermediate_dense"), size, config.intermediateSize()),
            Linear.of(weights.child("output_dense"), config.intermediateSize(), size),
            Activation.named(config.hiddenAct()),
            new Dropout(config.activationDropout()));
    return LayerBody.each(network::apply);
  }

  /** A small network that is all that differs between languages (Pratap et al. 2023, MMS). */
  private Residual language(Weights weights, int inner) {
    int size = config.hiddenSize();
    Dropout none = new Dropout(0);
    FeedForward network =
        new FeedForward(
            weights,
            Linear.of(weights.child("linear_1"), size, inner),
            Linear.of(weights.child("linear_2"), inner, size),
            Activation.RELU,
            none);
    return Residual.pre(
        new LayerNorm(weights.child("norm"), size, EPSILON), LayerBody.each(network::apply), none);
  }

  private LayerNorm norm(Weights weights) {
    return new LayerNorm(weights, config.hiddenSize(), config.layerNormEps());
  }
}
