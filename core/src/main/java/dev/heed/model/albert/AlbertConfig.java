package dev.heed.model.albert;

import dev.heed.model.Default;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of an ALBERT checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param embeddingSize of the vectors of words, positions and segments
 * @param hiddenSize H, a multiple of the heads
 * @param numHiddenLayers how often a group is gone through
 * @param numHiddenGroups groups of layers that share weights
 * @param innerGroupNum layers of a group
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
 * @param classifierDropoutProb before a classifier, or null for {@code hiddenDropoutProb}
 */
public record AlbertConfig(
    @Default("30000") int vocabSize,
    @Default("128") int embeddingSize,
    @Default("4096") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("1") int numHiddenGroups,
    @Default("1") int innerGroupNum,
    @Default("64") int numAttentionHeads,
    @Default("16384") int intermediateSize,
    @Default("gelu_new") String hiddenAct,
    @Default("0") double hiddenDropoutProb,
    @Default("0") double attentionProbsDropoutProb,
    @Default("512") int maxPositionEmbeddings,
    @Default("2") int typeVocabSize,
    @Default("1e-12") double layerNormEps,
    @Default("0") @Nullable Integer padTokenId,
    @Default("absolute") Positions positionEmbeddingType,
    @Default("0.1") @Nullable Double classifierDropoutProb) {
  /** Checks the groups. */
  public AlbertConfig {
    if (numHiddenGroups < 1 || numHiddenGroups > numHiddenLayers || innerGroupNum < 1) {
      throw new IllegalArgumentException(
          "num_hidden_groups, inner_group_num: expected 1 to "
              + numHiddenLayers
              + " groups of 1 or more layers, got "
              + numHiddenGroups
              + " of "
              + innerGroupNum);
    }
  }

  /** Which group stands at a place, from 0. */
  int group(int place) {
    return (int) (place / (numHiddenLayers / (double) numHiddenGroups));
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
        positionEmbeddingType,
        classifierDropoutProb);
  }
}
