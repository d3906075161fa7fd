package dev.heed.model.layoutlm;

import dev.heed.model.Default;
import dev.heed.model.Only;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a LayoutLMv3 checkpoint, named as in its {@code config.json}; keys with
 * a digit between underscores are read beside it.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H, a multiple of the heads
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training
 * @param maxPositionEmbeddings rows of the position table
 * @param typeVocabSize segments
 * @param layerNormEps positive
 * @param padTokenId the token that padding is, after which positions count
 * @param coordinateSize size of the vector of an edge
 * @param shapeSize size of the vector of a height or a width
 * @param hasRelativeAttentionBias whether scores gain a bias by distance in the text
 * @param relPosBins buckets of distances in the text
 * @param maxRelPos the greatest of these
 * @param hasSpatialAttentionBias whether scores gain a bias by distance on the page too
 * @param textEmbed whether texts are read
 * @param visualEmbed whether images are read
 * @param inputSize height and width of images
 * @param numChannels of images
 * @param patchSize height and width of a patch
 * @param classifierDropout before a classifier, or null for {@code hiddenDropoutProb}
 */
record LayoutLmV3Config(
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
    @Default("1e-5") double layerNormEps,
    @Default("1") int padTokenId,
    @Default("128") int coordinateSize,
    @Default("128") int shapeSize,
    @Default("true") boolean hasRelativeAttentionBias,
    @Default("32") int relPosBins,
    @Default("128") int maxRelPos,
    @Default("true") boolean hasSpatialAttentionBias,
    @Default("true") @Only("true") boolean textEmbed,
    @Default("true") boolean visualEmbed,
    @Default("224") int inputSize,
    @Default("3") int numChannels,
    @Default("16") int patchSize,
    @Nullable Double classifierDropout) {
  /** Checks the sizes that stand side by side. */
  LayoutLmV3Config {
    if (4L * coordinateSize + 2L * shapeSize != hiddenSize) {
      throw new IllegalArgumentException(
          "coordinate_size, shape_size: expected 4 and 2 of them to make hidden_size, "
              + hiddenSize
              + ", got "
              + coordinateSize
              + " and "
              + shapeSize);
    }
    if (patchSize < 1 || inputSize < patchSize) {
      throw new IllegalArgumentException(
          "patch_size: expected from 1 to input_size, " + inputSize + ", got " + patchSize);
    }
  }

  /** Patches along one edge of an image. */
  int patches() {
    return inputSize / patchSize;
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
        classifierDropout);
  }
}
