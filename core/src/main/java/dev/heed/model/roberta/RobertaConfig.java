package dev.heed.model.roberta;

import dev.heed.model.Default;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a RoBERTa checkpoint, named as in its {@code config.json}; they mean
 * what BERT's do, and differ in what absent ones stand for.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H, a multiple of the heads
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training
 * @param maxPositionEmbeddings rows of the position table: the longest text and {@code pad + 1}
 * @param typeVocabSize segments
 * @param layerNormEps positive
 * @param padTokenId the token that padding is, after which positions count
 * @param positionEmbeddingType how positions enter
 * @param classifierDropout before a classifier, or null for {@code hiddenDropoutProb}
 */
public record RobertaConfig(
    @Default("50265") int vocabSize,
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
    @Default("1") int padTokenId,
    @Default("absolute") Positions positionEmbeddingType,
    @Nullable Double classifierDropout) {
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
        classifierDropout);
  }
}
