package dev.heed.model.beit;

import dev.heed.model.Default;

/**
 * The sizes and choices of BEiT, named as in its {@code config.json}.
 *
 * @param hiddenSize H
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb while training
 * @param attentionProbsDropoutProb of attention weights while training
 * @param layerNormEps positive
 * @param numChannels of an image
 * @param useMaskToken whether a vector stands for hidden patches
 * @param useAbsolutePositionEmbeddings whether each patch has a learned position
 * @param useRelativePositionBias whether each layer has biases by places
 * @param useSharedRelativePositionBias whether all layers share biases by places
 * @param layerScaleInitValue first factor of each branch; 0 for none
 * @param useMeanPooling whether the mean of the patches stands for the image, not the class token
 * @param vocabSize how many visual words hidden patches may be
 */
record BeitConfig(
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("gelu") String hiddenAct,
    @Default("0.0") double hiddenDropoutProb,
    @Default("0.0") double attentionProbsDropoutProb,
    @Default("1e-12") double layerNormEps,
    @Default("3") int numChannels,
    @Default("false") boolean useMaskToken,
    @Default("false") boolean useAbsolutePositionEmbeddings,
    @Default("false") boolean useRelativePositionBias,
    @Default("false") boolean useSharedRelativePositionBias,
    @Default("0.1") double layerScaleInitValue,
    @Default("true") boolean useMeanPooling,
    @Default("8192") int vocabSize) {
  /** Checks that heads divide the size. */
  BeitConfig {
    if (numAttentionHeads < 1 || hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          "hidden_size: expected a multiple of the "
              + numAttentionHeads
              + " heads, got "
              + hiddenSize);
    }
  }
}
