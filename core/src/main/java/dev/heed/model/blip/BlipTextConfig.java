package dev.heed.model.blip;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;

/**
 * The sizes and choices of BLIP's text layers, named as in {@code text_config}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H
 * @param intermediateSize inner size of the feed-forward part
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param maxPositionEmbeddings the longest text in tokens
 * @param hiddenAct an activation by its config name
 * @param layerNormEps positive
 * @param hiddenDropoutProb while training
 * @param attentionProbsDropoutProb of attention weights while training
 * @param bosTokenId begins a text where none is given
 * @param padTokenId the token whose embedding is not trained and whose place no loss counts
 * @param isDecoder whether layers have cross-attention
 * @param tieWordEmbeddings whether the token table also scores words
 * @param labelSmoothing share of a label spread over all words
 */
record BlipTextConfig(
    @Default("30524") int vocabSize,
    @Default("768") int hiddenSize,
    @Default("3072") int intermediateSize,
    @Default("12") int numHiddenLayers,
    @Default("8") int numAttentionHeads,
    @Default("512") int maxPositionEmbeddings,
    @Default("gelu") String hiddenAct,
    @Default("1e-12") double layerNormEps,
    @Default("0.0") double hiddenDropoutProb,
    @Default("0.0") double attentionProbsDropoutProb,
    @Default("30522") int bosTokenId,
    @Default("0") int padTokenId,
    @Default("true") @Only("true") boolean isDecoder,
    @Default("true") boolean tieWordEmbeddings,
    @Default("0.0") double labelSmoothing) {
  /** Checks the smoothing. */
  BlipTextConfig {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "label_smoothing: expected a number from 0 to 1, got " + labelSmoothing);
    }
  }

  /** The same as BERT's, without segments. */
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
        0,
        layerNormEps,
        padTokenId,
        Positions.ABSOLUTE,
        null);
  }
}
