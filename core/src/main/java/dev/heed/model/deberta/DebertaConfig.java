package dev.heed.model.deberta;

import dev.heed.model.Default;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The sizes and choices of a DeBERTa checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param embeddingSize of the vectors of words, or null for H
 * @param hiddenSize H
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training
 * @param maxPositionEmbeddings the longest text, and the longest distance if {@code
 *     maxRelativePositions} says none
 * @param typeVocabSize segments, 0 for none
 * @param layerNormEps positive
 * @param padTokenId the token whose embedding is not trained
 * @param relativeAttention whether words meet distances
 * @param maxRelativePositions the longest distance that has a row of its own, or less than 1
 * @param positionBiasedInput whether positions are added to the embeddings
 * @param posAttType {@code c2p}, {@code p2c} or both: a list, or joined by {@code |}
 * @param poolerHiddenSize H, or null for it
 * @param poolerDropout before the pooler
 * @param poolerHiddenAct after the pooler
 * @param clsDropout before the classifier, or null for {@code hiddenDropoutProb}
 * @param legacy whether masked words are guessed by a map of their own
 * @param talkingHead whether heads mix their scores and weights
 */
record DebertaConfig(
    @Default("50265") int vocabSize,
    @Nullable Integer embeddingSize,
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("gelu") String hiddenAct,
    @Default("0.1") double hiddenDropoutProb,
    @Default("0.1") double attentionProbsDropoutProb,
    @Default("512") int maxPositionEmbeddings,
    @Default("0") int typeVocabSize,
    @Default("1e-7") double layerNormEps,
    @Default("0") @Nullable Integer padTokenId,
    @Default("false") boolean relativeAttention,
    @Default("-1") int maxRelativePositions,
    @Default("true") boolean positionBiasedInput,
    @Nullable JsonNode posAttType,
    @Nullable Integer poolerHiddenSize,
    @Default("0") double poolerDropout,
    @Default("gelu") String poolerHiddenAct,
    @Nullable Double clsDropout,
    @Default("true") boolean legacy,
    @Default("false") boolean talkingHead)
    implements DebertaChoices {
  /** Checks the pooler. */
  DebertaConfig {
    DebertaChoices.requirePooler(poolerHiddenSize, hiddenSize, poolerHiddenAct);
  }

  @Override
  public BertConfig bert() {
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
        clsDropout);
  }
}
