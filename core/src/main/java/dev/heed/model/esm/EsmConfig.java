package dev.heed.model.esm;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of an ESM checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param maskTokenId the token that a mask is, or null
 * @param hiddenSize H, a multiple of the heads
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training
 * @param maxPositionEmbeddings rows of the position table
 * @param layerNormEps positive
 * @param padTokenId the token that padding is, after which positions count
 * @param positionEmbeddingType how positions enter
 * @param embLayerNormBefore whether embeddings are normalised, false if null
 * @param tokenDropout whether embeddings are scaled as if masks were drawn as in training
 * @param isFoldingModel whether it predicts structures
 */
record EsmConfig(
    @Default("33") int vocabSize,
    @Nullable Integer maskTokenId,
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("0.1") double hiddenDropoutProb,
    @Default("0.1") double attentionProbsDropoutProb,
    @Default("1026") int maxPositionEmbeddings,
    @Default("1e-12") double layerNormEps,
    @Default("1") int padTokenId,
    @Default("absolute") @Only({"absolute", "rotary"}) PositionKind positionEmbeddingType,
    @Default("false") @Nullable Boolean embLayerNormBefore,
    @Default("false") boolean tokenDropout,
    @Default("false") @Only("false") boolean isFoldingModel) {
  /** How positions enter. */
  enum PositionKind {
    /** A learned vector is added to each token's embedding. */
    ABSOLUTE,
    /** Queries and keys are turned. */
    ROTARY
  }

  boolean rotary() {
    return positionEmbeddingType == PositionKind.ROTARY;
  }

  boolean normedEmbeddings() {
    return embLayerNormBefore != null && embLayerNormBefore;
  }

  /** The same in BERT's terms; the layers' activation is GELU. */
  BertConfig bert() {
    return new BertConfig(
        vocabSize,
        hiddenSize,
        numHiddenLayers,
        numAttentionHeads,
        intermediateSize,
        "gelu",
        hiddenDropoutProb,
        attentionProbsDropoutProb,
        maxPositionEmbeddings,
        0,
        layerNormEps,
        padTokenId,
        Positions.ABSOLUTE,
        null);
  }
}
