package dev.heed.model.conformer;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a Conformer's layers, named as in its {@code config.json}.
 *
 * @param hiddenSize H
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of both feed-forward parts
 * @param hiddenAct an {@link Activation} by its config name
 * @param hiddenDropout while training
 * @param activationDropout of inner values while training
 * @param attentionDropout of attention weights and of what attention gives, while training
 * @param conformerConvDropout of what the convolution gives, while training
 * @param layerNormEps positive
 * @param convDepthwiseKernelSize frames that the convolution sees, odd
 * @param positionEmbeddingsType {@code relative}, {@code rotary}, {@code relative_key}, or null for
 *     no positions
 * @param rotaryEmbeddingBase of rotary positions
 * @param leftMaxPositionEmbeddings the farthest distance back with a vector of its own
 * @param rightMaxPositionEmbeddings the farthest distance ahead with one
 */
record ConformerConfig(
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("gelu") String hiddenAct,
    @Default("0.1") double hiddenDropout,
    @Default("0.1") double activationDropout,
    @Default("0.1") double attentionDropout,
    @Default("0.1") double conformerConvDropout,
    @Default("1e-5") double layerNormEps,
    @Default("31") int convDepthwiseKernelSize,
    @Default("relative") @Only({"relative", "rotary", "relative_key", "null"})
        @Nullable String positionEmbeddingsType,
    @Default("10000") double rotaryEmbeddingBase,
    @Default("64") int leftMaxPositionEmbeddings,
    @Default("8") int rightMaxPositionEmbeddings) {
  ConformerConfig {
    if (convDepthwiseKernelSize < 1 || convDepthwiseKernelSize % 2 == 0) {
      throw new IllegalArgumentException(
          "conv_depthwise_kernel_size: expected an odd number, got " + convDepthwiseKernelSize);
    }
  }
}
