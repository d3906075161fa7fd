package dev.heed.model.reformer;

import dev.heed.model.reformer.ReformerAttention.Call;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.LayerNorm;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** A reversible layer: {@code y₁ = x₁ + attention(x₂), y₂ = x₂ + feedForward(y₁)} (section 3). */
final class ReformerLayer extends Module {
  private final LayerNorm attentionNorm;
  private final ReformerAttention attention;
  private final Linear output;
  private final LayerNorm norm;
  private final FeedForward feedForward;
  private final Dropout dropout;

  /**
   * The two streams.
   *
   * @param first {@code [B, T, H]}
   * @param second {@code [B, T, H]}
   */
  record Streams(Tensor first, Tensor second) {}

  ReformerLayer(Weights weights, ReformerConfig config, ReformerConfig.Kind kind) {
    super(weights);
    int size = config.hiddenSize();
    int inner = config.feedForwardSize();
    Weights block = weights.child("attention");
    attentionNorm = new LayerNorm(block.child("layer_norm"), size, config.layerNormEps());
    Weights self = block.child("self_attention");
    // Old files keep the numbers that masks are written with.
    self.ignore(
        "mask_value_float16",
        "mask_value_float32",
        "self_mask_value_float16",
        "self_mask_value_float32");
    attention =
        switch (kind) {
          case LOCAL -> new NearbyAttention(self, config);
          case LSH -> new HashedAttention(self, config);
        };
    long all = (long) config.numAttentionHeads() * config.attentionHeadSize();
    output = Linear.of(block.child("output.dense"), all, size, false);
    Weights second = weights.child("feed_forward");
    norm = new LayerNorm(second.child("layer_norm"), size, config.layerNormEps());
    feedForward =
        new FeedForward(
            second,
            Linear.of(second.child("dense.dense"), size, inner),
            Linear.of(second.child("output.dense"), inner, size),
            Activation.named(config.hiddenAct()),
            new Dropout(config.hiddenDropoutProb()));
    dropout = new Dropout(config.hiddenDropoutProb());
  }

  Streams apply(Streams x, Call call) {
    Tensor read = attention.apply(attentionNorm.apply(x.second()), call);
    Tensor first = x.first().add(dropout.apply(output.apply(read), call.trace()));
    Tensor visited = call.trace().visit(point("resid_mid"), first);
    Tensor second =
        TensorScope.run(() -> {
          Tensor fed = feedForward.apply(norm.apply(visited), call.trace());
          return x.second().add(dropout.apply(fed, call.trace()));
        });
    return new Streams(visited, call.trace().visit(point("resid_post"), second));
  }
}
