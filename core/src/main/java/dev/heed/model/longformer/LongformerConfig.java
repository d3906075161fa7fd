package dev.heed.model.longformer;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The sizes and choices of a Longformer checkpoint, named as in its {@code config.json}.
 *
 * @param attentionWindow width of the window, even: one number, or one a layer; null for 512
 * @param sepTokenId ends the question where answers are looked for
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H, a multiple of the heads
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training; only 0 is computed
 * @param maxPositionEmbeddings rows of the position table
 * @param typeVocabSize segments
 * @param layerNormEps positive
 * @param padTokenId the token that padding is, after which positions count
 * @param positionEmbeddingType how positions enter
 * @param attentionMode of the authors' files
 * @param ignoreAttentionMask of the authors' files
 */
record LongformerConfig(
    @Nullable JsonNode attentionWindow,
    @Default("2") int sepTokenId,
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
    @Default("1") int padTokenId,
    @Default("absolute") @Only("absolute") Positions positionEmbeddingType,
    @Default("longformer") @Only("longformer") String attentionMode,
    @Default("false") @Only("false") boolean ignoreAttentionMask) {
  private static final int USUAL_WINDOW = 512;

  /** The width of each layer's window. */
  List<Integer> windows() {
    JsonNode given = attentionWindow;
    List<Integer> windows = new ArrayList<>();
    if (given != null && given.isArray()) {
      given.forEach(width -> windows.add(width.asInt(0)));
    } else {
      int width = given == null ? USUAL_WINDOW : given.asInt(0);
      windows.addAll(Collections.nCopies(numHiddenLayers, width));
    }
    boolean even = windows.stream().allMatch(width -> width > 0 && width % 2 == 0);
    if (!even || windows.size() != numHiddenLayers) {
      throw new IllegalArgumentException(
          "attention_window: expected an even number, or one for each of the "
              + numHiddenLayers
              + " layers, got "
              + given);
    }
    return windows;
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
        null);
  }
}
