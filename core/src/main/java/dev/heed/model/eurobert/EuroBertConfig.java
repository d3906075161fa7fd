package dev.heed.model.eurobert;

import dev.heed.model.DecoderSizes;
import dev.heed.model.Default;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a EuroBERT checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H
 * @param intermediateSize inner size of the feed-forward part
 * @param numHiddenLayers layers
 * @param numAttentionHeads query heads of each layer
 * @param numKeyValueHeads key heads of each layer, or null for as many as query heads
 * @param headDim size of a head, or null for {@code H / heads}
 * @param hiddenAct an {@link dev.heed.nn.Activation} by its config name
 * @param maxPositionEmbeddings the length trained on, which rotary scaling may need
 * @param rmsNormEps positive
 * @param tieWordEmbeddings whether scores of words are computed by the token table
 * @param attentionBias whether attention's maps have biases
 * @param attentionDropout of weights while training
 * @param mlpBias whether the feed-forward maps have biases
 * @param pretrainingTp slices of a product that give the same sum
 * @param classifierPooling what a sequence classifier reads
 */
record EuroBertConfig(
    @Default("128256") int vocabSize,
    @Default("768") int hiddenSize,
    @Default("3072") int intermediateSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Nullable Integer numKeyValueHeads,
    @Nullable Integer headDim,
    @Default("silu") String hiddenAct,
    @Default("8192") int maxPositionEmbeddings,
    @Default("1e-5") double rmsNormEps,
    @Default("false") boolean tieWordEmbeddings,
    @Default("false") boolean attentionBias,
    @Default("0.0") double attentionDropout,
    @Default("false") boolean mlpBias,
    @Default("1") int pretrainingTp,
    @Default("late") Pooling classifierPooling)
    implements DecoderSizes {
  /** What a sequence classifier reads. */
  enum Pooling {
    /** The first token. */
    BOS,
    /** The mean of all tokens that are no padding. */
    MEAN,
    /** Every token; the scores' mean counts. */
    LATE
  }
}
