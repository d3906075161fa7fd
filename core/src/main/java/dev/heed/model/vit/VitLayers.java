package dev.heed.model.vit;

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
import java.util.ArrayList;
import java.util.List;

/** The Vision Transformer's layers: BERT's, with norms before each part. */
public final class VitLayers {
  private VitLayers() {}

  /**
   * All layers, {@code layer.0} and on, then a norm.
   *
   * @param weights the path of the encoder
   * @param norm after the last, before which the last hidden states are recorded
   */
  public static TransformerStack stack(Weights weights, VitConfig config, Norm norm) {
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < config.numHiddenLayers(); i++) {
      layers.add(layer(weights.child("layer", i), config));
    }
    return TransformerStack.of(layers, norm).recordedBeforeNorm();
  }

  /** One layer. */
  public static TransformerLayer layer(Weights weights, VitConfig config) {
    int size = config.hiddenSize();
    Dropout dropout = new Dropout(config.hiddenDropoutProb());
    FeedForward feedForward =
        new FeedForward(
            weights,
            Linear.of(weights.child("intermediate.dense"), size, config.intermediateSize()),
            Linear.of(weights.child("output.dense"), config.intermediateSize(), size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    return new TransformerLayer(
        weights,
        Residual.pre(
            new LayerNorm(weights.child("layernorm_before"), size, config.layerNormEps()),
            LayerBody.self(attention(weights.child("attention"), config)),
            dropout),
        Residual.pre(
            new LayerNorm(weights.child("layernorm_after"), size, config.layerNormEps()),
            LayerBody.each(feedForward::apply),
            dropout));
  }

  /** Its attention, with maps {@code attention.query} … {@code output.dense}. */
  public static MultiHeadAttention attention(Weights weights, VitConfig config) {
    int size = config.hiddenSize();
    Weights self = weights.child("attention");
    return new MultiHeadAttention(
        self,
        HeadProjections.queryKeyValue(
            self, weights.child("output.dense"), size, config.qkvBias(), config.qkvBias()),
        config.numAttentionHeads(),
        List.of(),
        new ScaledDotProduct(Double.NaN, new Dropout(config.attentionProbsDropoutProb())));
  }
}
