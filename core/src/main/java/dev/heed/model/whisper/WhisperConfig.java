package dev.heed.model.whisper;

import dev.heed.model.Default;
import dev.heed.model.bart.BartLayer;
import dev.heed.nn.Activation;

/**
 * The sizes and choices of a Whisper checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param numMelBins mel bands of a frame
 * @param encoderLayers layers of the encoder
 * @param encoderAttentionHeads heads of its layers
 * @param encoderFfnDim inner size of its feed-forward part
 * @param decoderLayers layers of the decoder
 * @param decoderAttentionHeads heads of its layers
 * @param decoderFfnDim inner size of its feed-forward part
 * @param activationFunction an {@link Activation} by its config name
 * @param dModel H
 * @param dropout while training
 * @param attentionDropout of attention weights while training
 * @param activationDropout of inner values while training
 * @param maxSourcePositions states of the encoder: half as many as frames
 * @param maxTargetPositions the longest text
 * @param padTokenId padding, whose vector is not trained
 * @param decoderStartTokenId what a decoder starts with
 * @param tieWordEmbeddings whether the output map is the token table
 */
record WhisperConfig(
    @Default("51865") int vocabSize,
    @Default("80") int numMelBins,
    @Default("4") int encoderLayers,
    @Default("6") int encoderAttentionHeads,
    @Default("1536") int encoderFfnDim,
    @Default("4") int decoderLayers,
    @Default("6") int decoderAttentionHeads,
    @Default("1536") int decoderFfnDim,
    @Default("gelu") String activationFunction,
    @Default("384") int dModel,
    @Default("0.0") double dropout,
    @Default("0.0") double attentionDropout,
    @Default("0.0") double activationDropout,
    @Default("1500") int maxSourcePositions,
    @Default("448") int maxTargetPositions,
    @Default("50256") int padTokenId,
    @Default("50257") int decoderStartTokenId,
    @Default("true") boolean tieWordEmbeddings) {
  BartLayer layer(boolean decoder) {
    return new BartLayer(
        dModel,
        decoder ? decoderAttentionHeads : encoderAttentionHeads,
        decoder ? decoderFfnDim : encoderFfnDim,
        Activation.named(activationFunction),
        dropout,
        attentionDropout,
        activationDropout,
        true,
        false,
        true);
  }
}
