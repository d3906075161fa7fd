package dev.heed.model.layoutlm;

import dev.heed.model.Default;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a LayoutLM checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H, a multiple of the heads
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training
 * @param maxPositionEmbeddings the longest text in tokens
 * @param typeVocabSize segments
 * @param layerNormEps positive
 * @param padTokenId the token whose embedding is not trained
 * @param positionEmbeddingType how positions enter
 */
record LayoutLmConfig(
    @Default("30522") int vocabSize,
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("gelu") String hiddenAct,
    @Default("0.1") double hiddenDropoutProb,
    @Default("0.1") double attentionProbsDropoutProb,
    @Default("512") int maxPositionEmbeddings,
    @Default("2") int typeVocabSize,
    @Default("1e-12") double layerNormEps,
    @Default("0") @Nullable Integer padTokenId,
    @Default("absolute") Positions positionEmbeddingType) {
  /** The same in BERT's terms. */
  BertConfig bert() {
    return new BertConfig(
        vocabSize,
        hiddenSize,
        numHiddenLayers,
        numAttentionHeads,
        intermediateSize,
        hiddenAct,
        hiddenDropoutProb,
        attentionProbsDropoutProb,
        maxPositionEmbeddings,
        typeVocabSize,
        layerNormEps,
        padTokenId,
        positionEmbeddingType,
        null);
  }
}
