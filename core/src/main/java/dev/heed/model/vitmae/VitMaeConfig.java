package dev.heed.model.vitmae;

import dev.heed.model.Default;
import dev.heed.model.vit.VitConfig;

/**
 * The choices of a ViT-MAE checkpoint besides those of its encoder, named as in its {@code
 * config.json}.
 *
 * @param decoderHiddenSize H of the decoder
 * @param decoderNumHiddenLayers its layers
 * @param decoderNumAttentionHeads heads of each
 * @param decoderIntermediateSize inner size of its feed-forward part
 * @param maskRatio share of the patches that are hidden
 * @param normPixLoss whether each patch is normalised before it is compared
 */
record VitMaeConfig(
    @Default("512") int decoderHiddenSize,
    @Default("8") int decoderNumHiddenLayers,
    @Default("16") int decoderNumAttentionHeads,
    @Default("2048") int decoderIntermediateSize,
    @Default("0.75") double maskRatio,
    @Default("false") boolean normPixLoss) {
  /** The decoder's layers, which are the encoder's in another size. */
  VitConfig decoder(VitConfig encoder) {
    return new VitConfig(
        decoderHiddenSize,
        decoderNumHiddenLayers,
        decoderNumAttentionHeads,
        decoderIntermediateSize,
        encoder.hiddenAct(),
        encoder.hiddenDropoutProb(),
        encoder.attentionProbsDropoutProb(),
        encoder.layerNormEps(),
        encoder.numChannels(),
        encoder.qkvBias(),
        null,
        "tanh");
  }
}
