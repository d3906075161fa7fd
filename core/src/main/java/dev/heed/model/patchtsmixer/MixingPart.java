package dev.heed.model.patchtsmixer;

import dev.heed.attention.Sublayer;
import dev.heed.model.forecast.PatchNorm;
import dev.heed.nn.Activation;
import dev.heed.nn.Dropout;
import dev.heed.nn.FeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.Module;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What mixes one dimension: a norm, a feed-forward network and a gate (section 4 of the paper). */
final class MixingPart extends Module {
  private final States norm;
  private final FeedForward network;
  private final Dropout dropout;
  private final @Nullable Linear gate;

  /** Maps {@code [B, C, N, D]} to the same shape. */
  @FunctionalInterface
  interface States {
    Tensor apply(Tensor x, Trace trace);
  }

  /**
   * A part.
   *
   * @param size of the dimension that it mixes
   */
  MixingPart(Weights weights, MixerConfig config, long size) {
    super(weights);
    norm = norm(weights.child("norm.norm"), config);
    Weights mlp = weights.child("mlp");
    long inner = size * config.expansionFactor();
    dropout = new Dropout(config.dropout());
    network =
        new FeedForward(
            mlp,
            Linear.of(mlp.child("fc1"), size, inner),
            Linear.of(mlp.child("fc2"), inner, size),
            Activation.GELU,
            dropout);
    gate =
        config.gatedAttn() ? Linear.of(weights.child("gating_block.attn_layer"), size, size) : null;
  }

  /** A norm of each patch's vector, or over the batch. */
  static States norm(Weights weights, MixerConfig config) {
    Sublayer norm = PatchNorm.of(weights, config.batchNorm(), config.dModel(), config.normEps());
    return (x, trace) -> norm.apply(x.flatten(0, 1), trace).unflatten(0, x.size(0), x.size(1));
  }

  Tensor normed(Tensor x, Trace trace) {
    return norm.apply(x, trace);
  }

  /** The network over the last dimension. */
  Tensor mixed(Tensor x, Trace trace) {
    return dropout.apply(network.apply(x, trace), trace);
  }

  /** {@code x · softmax(W·x + b)} over the last dimension, if there is a gate. */
  Tensor gated(Tensor x) {
    return gate == null ? x : x.mul(gate.apply(x).softmax(-1));
  }
}
