package dev.heed.model.bert;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.MixerSwap;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.RelativeAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.position.RelativeKeyPositions;
import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Initializer;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** Attention and feed-forward, each added to its input and normalised after it (post-norm). */
final class BertLayer extends Module {
  private final MultiHeadAttention own;
  private final SequenceMixer attention;
  private final Linear output;
  private final LayerNorm attentionNorm;
  private final FeedForward feedForward;
  private final LayerNorm norm;
  private final Dropout dropout;

  BertLayer(Weights weights, BertConfig config) {
    super(weights);
    int size = config.hiddenSize();
    int inner = config.intermediateSize();
    own = attention(weights.child("attention.self"), config);
    attention = own;
    output = Linear.of(weights.child("attention.output.dense"), size, size);
    attentionNorm =
        new LayerNorm(weights.child("attention.output.LayerNorm"), size, config.layerNormEps());
    feedForward =
        new FeedForward(
            weights,
            Linear.of(weights.child("intermediate.dense"), size, inner),
            Linear.of(weights.child("output.dense"), inner, size),
            Activation.named(config.hiddenAct()),
            new Dropout(0));
    norm = new LayerNorm(weights.child("output.LayerNorm"), size, config.layerNormEps());
    dropout = new Dropout(config.hiddenDropoutProb());
  }

  private BertLayer(BertLayer other, SequenceMixer mixer) {
    super(other);
    own = other.own;
    attention = mixer;
    output = other.output;
    attentionNorm = other.attentionNorm;
    feedForward = other.feedForward;
    norm = other.norm;
    dropout = other.dropout;
  }

  /** The same parameters around another mixer. */
  BertLayer withMixer(int number, MixerSwap swap) {
    return new BertLayer(this, swap.swap(number, own));
  }

  private static MultiHeadAttention attention(Weights weights, BertConfig config) {
    int size = config.hiddenSize();
    MultiHeadAttention.Projections projections =
        new MultiHeadAttention.Projections(
            Linear.of(weights.child("query"), size, size),
            Linear.of(weights.child("key"), size, size),
            Linear.of(weights.child("value"), size, size),
            null);
    return new MultiHeadAttention(
        weights, projections, config.numAttentionHeads(), mechanism(weights, config), null);
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

  /** {@code [B, T, H]} to {@code [B, T, H]}. */
  Tensor apply(Tensor x, AttentionRequest request) {
    Trace trace = request.trace();
    return TensorScope.run(() -> {
      Tensor mixed = output.apply(attention.apply(x, request).output());
      Tensor attended = attentionNorm.apply(dropout.apply(mixed, trace).add(x));
      Tensor inner = dropout.apply(feedForward.apply(attended, trace), trace);
      return trace.visit(point("hidden"), norm.apply(inner.add(attended)));
    });
  }
}
