package dev.heed.model.bart;

import dev.heed.model.Default;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a checkpoint of BART or its kin, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the encoder's vocabulary
 * @param decoderVocabSize tokens in the decoder's, or null for the same
 * @param shareEncoderDecoderEmbeddings whether both read one table (Marian)
 * @param maxPositionEmbeddings the longest text
 * @param encoderLayers layers of the encoder
 * @param encoderFfnDim inner size of its feed-forward part
 * @param encoderAttentionHeads heads of its layers
 * @param decoderLayers layers of the decoder
 * @param decoderFfnDim inner size of its feed-forward part
 * @param decoderAttentionHeads heads of its layers
 * @param activationFunction an {@link Activation} by its config name
 * @param dModel H
 * @param dropout while training
 * @param attentionDropout of attention weights while training
 * @param activationDropout of inner values while training
 * @param classifierDropout of a classifier's input while training
 * @param scaleEmbedding whether token vectors are multiplied by √H
 * @param padTokenId padding, whose vector is not trained
 * @param decoderStartTokenId what a decoder starts with, or null for the text's language
 * @param eosTokenId ends a text
 * @param tieWordEmbeddings whether the output map is the token table
 */
record BartConfig(
    @Default("50265") int vocabSize,
    @Nullable Integer decoderVocabSize,
    @Default("true") boolean shareEncoderDecoderEmbeddings,
    @Default("1024") int maxPositionEmbeddings,
    @Default("12") int encoderLayers,
    @Default("4096") int encoderFfnDim,
    @Default("16") int encoderAttentionHeads,
    @Default("12") int decoderLayers,
    @Default("4096") int decoderFfnDim,
    @Default("16") int decoderAttentionHeads,
    @Default("gelu") String activationFunction,
    @Default("1024") int dModel,
    @Default("0.1") double dropout,
    @Default("0.0") double attentionDropout,
    @Default("0.0") double activationDropout,
    @Default("0.0") double classifierDropout,
    @Default("false") boolean scaleEmbedding,
    @Default("1") int padTokenId,
    @Nullable Integer decoderStartTokenId,
    @Default("2") int eosTokenId,
    @Default("true") boolean tieWordEmbeddings) {
  int decoderVocabulary() {
    return decoderVocabSize == null ? vocabSize : decoderVocabSize;
  }

  double scale() {
    return scaleEmbedding ? Math.sqrt(dModel) : 1;
  }

  BartLayer layer(boolean decoder, boolean preNorm) {
    return new BartLayer(
        dModel,
        decoder ? decoderAttentionHeads : encoderAttentionHeads,
        decoder ? decoderFfnDim : encoderFfnDim,
        Activation.named(activationFunction),
        dropout,
        attentionDropout,
        activationDropout,
        preNorm,
        true,
        true);
  }
}
