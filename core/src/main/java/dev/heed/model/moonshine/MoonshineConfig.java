package dev.heed.model.moonshine;

import dev.heed.model.Default;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a Moonshine checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H
 * @param intermediateSize inner size of the feed-forward parts
 * @param encoderNumHiddenLayers layers of the encoder
 * @param decoderNumHiddenLayers layers of the decoder
 * @param encoderNumAttentionHeads heads of the encoder's layers
 * @param decoderNumAttentionHeads heads of the decoder's layers
 * @param encoderNumKeyValueHeads heads of the encoder's keys and values; null for as many as heads
 * @param decoderNumKeyValueHeads the same of the decoder
 * @param encoderHiddenAct an {@link Activation} by its config name
 * @param decoderHiddenAct the same of the decoder's gates
 * @param maxPositionEmbeddings the length that rotary positions were trained on
 * @param attentionBias whether queries, keys and values have biases
 * @param attentionDropout of attention weights while training
 * @param headDim size of a head; null for an equal share of H
 * @param padTokenId padding, whose vector is not trained
 * @param decoderStartTokenId what a decoder starts with
 * @param tieWordEmbeddings whether the output map is the token table
 */
record MoonshineConfig(
    @Default("32768") int vocabSize,
    @Default("288") int hiddenSize,
    @Default("1152") int intermediateSize,
    @Default("6") int encoderNumHiddenLayers,
    @Default("6") int decoderNumHiddenLayers,
    @Default("8") int encoderNumAttentionHeads,
    @Default("8") int decoderNumAttentionHeads,
    @Nullable Integer encoderNumKeyValueHeads,
    @Nullable Integer decoderNumKeyValueHeads,
    @Default("gelu") String encoderHiddenAct,
    @Default("silu") String decoderHiddenAct,
    @Default("512") int maxPositionEmbeddings,
    @Default("false") boolean attentionBias,
    @Default("0.0") double attentionDropout,
    @Nullable Integer headDim,
    @Nullable Integer padTokenId,
    @Default("1") int decoderStartTokenId,
    @Default("true") boolean tieWordEmbeddings) {
  long headSize(int heads) {
    return headDim == null ? hiddenSize / heads : headDim;
  }

  int padding() {
    return padTokenId == null ? -1 : padTokenId;
  }
}
