package dev.heed.model.vit;

import dev.heed.model.Default;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a Vision Transformer's layers, named as in its {@code config.json}.
 *
 * @param hiddenSize H
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an {@link Activation} by its config name
 * @param hiddenDropoutProb while training
 * @param attentionProbsDropoutProb of attention weights while training
 * @param layerNormEps positive
 * @param numChannels of an image
 * @param qkvBias whether queries, keys and values have a bias
 * @param poolerOutputSize size of the pooled vector, or null for H
 * @param poolerAct activation of the pooled vector
 */
public record VitConfig(
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("gelu") String hiddenAct,
    @Default("0.0") double hiddenDropoutProb,
    @Default("0.0") double attentionProbsDropoutProb,
    @Default("1e-12") double layerNormEps,
    @Default("3") int numChannels,
    @Default("true") boolean qkvBias,
    @Nullable Integer poolerOutputSize,
    @Default("tanh") String poolerAct) {
  /** Checks that heads divide the size. */
  public VitConfig {
    if (numAttentionHeads < 1 || hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          "hidden_size: expected a multiple of the "
              + numAttentionHeads
              + " heads, got "
              + hiddenSize);
    }
  }

  /** The size of the pooled vector. */
  public int pooled() {
    return poolerOutputSize == null ? hiddenSize : poolerOutputSize;
  }
}
