package dev.heed.model.bigbird;

import dev.heed.model.Default;
import dev.heed.model.bert.BertConfig;
import dev.heed.model.bert.BertConfig.Positions;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a BigBird checkpoint, named as in its {@code config.json}.
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
 * @param padTokenId the token that texts are filled up with to whole blocks
 * @param attentionType which keys are seen
 * @param useBias whether queries, keys and values have biases
 * @param rescaleEmbeddings whether words are scaled by {@code √H}
 * @param blockSize tokens a block
 * @param numRandomBlocks random blocks for each block of queries
 * @param classifierDropout before a classifier, or null for {@code hiddenDropoutProb}
 */
record BigBirdConfig(
    @Default("50358") int vocabSize,
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Default("3072") int intermediateSize,
    @Default("gelu_new") String hiddenAct,
    @Default("0.1") double hiddenDropoutProb,
    @Default("0.1") double attentionProbsDropoutProb,
    @Default("4096") int maxPositionEmbeddings,
    @Default("2") int typeVocabSize,
    @Default("1e-12") double layerNormEps,
    @Default("0") int padTokenId,
    @Default("block_sparse") AttentionType attentionType,
    @Default("true") boolean useBias,
    @Default("false") boolean rescaleEmbeddings,
    @Default("64") int blockSize,
    @Default("3") int numRandomBlocks,
    @Nullable Double classifierDropout) {
  /** Which keys are seen. */
  enum AttentionType {
    /** Some blocks. */
    BLOCK_SPARSE,
    /** All keys. */
    ORIGINAL_FULL
  }

  /** Checks what later code divides by. */
  BigBirdConfig {
    if (blockSize < 1 || numRandomBlocks < 0) {
      throw new IllegalArgumentException(
          "block_size, num_random_blocks: expected 1 or more and 0 or more, got "
              + blockSize
              + " and "
              + numRandomBlocks);
    }
  }

  /** What its layers see. */
  BigBirdFrame frame() {
    return new BigBirdFrame(
        blockSize, numRandomBlocks, numAttentionHeads, attentionType == AttentionType.BLOCK_SPARSE);
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
