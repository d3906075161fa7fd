package dev.heed.model.glm;

import dev.heed.model.DecoderSizes;
import dev.heed.model.block.LayerBody;
import dev.heed.nn.Dropout;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Linear;
import dev.heed.nn.Weights;

/** The gated feed-forward network of GLM 4, whose gate and values are rows of one map. */
final class GlmFeedForward {
  private GlmFeedForward() {}

  static LayerBody of(Weights weights, DecoderSizes config) {
    long size = config.hiddenSize();
    long inner = config.intermediateSize();
    return LayerBody.each(
        GatedFeedForward.fused(
                weights,
                Linear.of(weights.child("gate_up_proj"), size, 2 * inner, false),
                Linear.of(weights.child("down_proj"), inner, size, false),
                config.activation(),
                new Dropout(0))
            ::apply);
  }
}
