package dev.heed.model.perceiver;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.HeadProjections;
import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.model.perceiver.PerceiverConfig.Reading;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;

/**
 * A layer in which some vectors read others (Jaegle et al. 2022, section 3.2): attention with norms
 * before it, then a feed-forward network.
 */
final class CrossRead extends Module {
  /** The reference's norms have PyTorch's own, whatever the config says. */
  static final double EPSILON = 1e-5;

  private final LayerNorm ofQueries;
  private final LayerNorm ofKeys;
  private final MultiHeadAttention attention;
  private final LayerNorm norm;
  private final FeedForward feedForward;
  private final boolean residual;

  CrossRead(Weights weights, Reading sizes, PerceiverConfig config) {
    super(weights);
    Weights self = weights.child("attention.self");
    int queries = sizes.queries();
    ofQueries = new LayerNorm(self.child("layernorm1"), queries, EPSILON);
    ofKeys = new LayerNorm(self.child("layernorm2"), sizes.keys(), EPSILON);
    attention = attention(weights, sizes, config);
    norm = new LayerNorm(weights.child("layernorm"), queries, EPSILON);
    feedForward = feedForward(weights.child("mlp"), queries, sizes.widening(), config);
    residual = sizes.residual();
  }

  static MultiHeadAttention attention(Weights weights, Reading sizes, PerceiverConfig config) {
    Weights self = weights.child("attention.self");
    return new MultiHeadAttention(
        self,
        new HeadProjections.Separate(
            Linear.of(self.child("query"), sizes.queries(), sizes.channels()),
            Linear.of(self.child("key"), sizes.keys(), sizes.channels()),
            Linear.of(self.child("value"), sizes.keys(), sizes.valueChannels()),
            Linear.of(
                weights.child("attention.output.dense"), sizes.valueChannels(), sizes.queries())),
        sizes.heads(),
        List.of(),
        new ScaledDotProduct(Double.NaN, new Dropout(config.attentionProbsDropoutProb())));
  }

  static FeedForward feedForward(Weights weights, int size, int widening, PerceiverConfig config) {
    return new FeedForward(
        weights,
        Linear.of(weights.child("dense1"), size, (long) widening * size),
        Linear.of(weights.child("dense2"), (long) widening * size, size),
        Activation.named(config.hiddenAct()),
        new Dropout(0));
  }

  /**
   * What the queries read of the inputs, through the feed-forward network, with residual sums.
   *
   * @param x {@code [B, Tq, queries]}
   * @param inputs {@code [B, Tk, keys]}
   * @return {@code [B, Tq, queries]} and the weights, if the request wants them
   */
  AttentionOutput apply(Tensor x, Tensor inputs, AttentionRequest request) {
    return TensorScope.run(() -> {
      Tensor keys = ofKeys.apply(inputs);
      AttentionOutput read = attention.apply(ofQueries.apply(x), keys, keys, request);
      Tensor state = residual ? read.output().add(x) : read.output();
      Tensor more = feedForward.apply(norm.apply(state), request.trace());
      return new AttentionOutput(more.add(state), read.weights());
    });
  }
}
