package dev.heed.model.roformer;

import dev.heed.model.Default;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a RoFormer checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param embeddingSize of the vectors of words and segments, or null for H
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
 * @param rotaryValue whether values are turned as well
 * @param classifierDropout of other families; heads drop {@code hiddenDropoutProb}
 */
public record RoFormerConfig(
    @Default("50000") int vocabSize,
    @Nullable Integer embeddingSize,
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("gelu") String hiddenAct,
    @Default("0.1") double hiddenDropoutProb,
    @Default("0.1") double attentionProbsDropoutProb,
    @Default("1536") int maxPositionEmbeddings,
    @Default("2") int typeVocabSize,
    @Default("1e-12") double layerNormEps,
    @Default("0") @Nullable Integer padTokenId,
    @Default("false") boolean rotaryValue,
    @Nullable Double classifierDropout) {
  /** The size of word vectors. */
  int wordSize() {
    return embeddingSize == null ? hiddenSize : embeddingSize;
  }

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
        Positions.ABSOLUTE,
        null);
  }
}
