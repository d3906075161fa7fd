package dev.heed.model.bert;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.position.RelativeKeyPositions;
import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.model.block.LayerBody;
import dev.heed.model.block.Residual;
import dev.heed.model.block.TransformerLayer;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;

/** A BERT layer: self-attention and a feed-forward network, each normalised after it is added. */
final class BertLayers {
  private BertLayers() {}

  static TransformerLayer layer(Weights weights, BertConfig config) {
    int size = config.hiddenSize();
    double epsilon = config.layerNormEps();
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
        Residual.post(
            new LayerNorm(weights.child("attention.output.LayerNorm"), size, epsilon),
            LayerBody.self(attention(weights.child("attention"), config)),
            dropout),
        Residual.post(
            new LayerNorm(weights.child("output.LayerNorm"), size, epsilon),
            LayerBody.each(feedForward::apply),
            dropout));
  }

  private static MultiHeadAttention attention(Weights weights, BertConfig config) {
    int size = config.hiddenSize();
    Weights self = weights.child("self");
    return new MultiHeadAttention(
        self,
        new HeadProjections.Separate(
            Linear.of(self.child("query"), size, size),
            Linear.of(self.child("key"), size, size),
            Linear.of(self.child("value"), size, size),
            Linear.of(weights.child("output.dense"), size, size)),
        config.numAttentionHeads(),
        mechanism(self, config),
        null);
  }

  private static AttentionMechanism mechanism(Weights weights, BertConfig config) {
    Dropout dropout = new Dropout(config.attentionProbsDropoutProb());
    Positions positions = config.positionEmbeddingType();
    if (positions == Positions.ABSOLUTE) {
      return new ScaledDotProduct(Double.NaN, dropout);
    }
    Tensor table =
        weights
            .child("distance_embedding")
            .parameter(
                "weight",
                Initializer.normal(0.02),
                2L * config.maxPositionEmbeddings() - 1,
                config.headSize());
    return RelativeAttention.of(
        new RelativeKeyPositions(table, positions == Positions.RELATIVE_KEY_QUERY),
        Double.NaN,
        dropout);
  }
}
