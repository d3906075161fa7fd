package dev.heed.model.bert;

import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** Attention and feed-forward, each added to its input and normalised after it (post-norm). */
final class BertLayer extends Module {
  private final BertSelfAttention attention;
  private final Linear output;
  private final LayerNorm attentionNorm;
  private final FeedForward feedForward;
  private final LayerNorm norm;
  private final Dropout dropout;

  BertLayer(Weights weights, BertConfig config) {
    super(weights);
    int size = config.hiddenSize();
    int inner = config.intermediateSize();
    attention = new BertSelfAttention(weights.child("attention.self"), config);
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

  /** {@code [B, T, H]} to {@code [B, T, H]}; {@code padding} as in {@link BertSelfAttention}. */
  Tensor apply(Tensor x, @Nullable Tensor padding, Trace trace) {
    return TensorScope.run(() -> {
      Tensor mixed = output.apply(attention.apply(x, padding, trace));
      Tensor attended = attentionNorm.apply(dropout.apply(mixed, trace).add(x));
      Tensor inner = dropout.apply(feedForward.apply(attended, trace), trace);
      return trace.visit(point("hidden"), norm.apply(inner.add(attended)));
    });
  }
}
