package dev.heed.model.nomic;

import dev.heed.model.Default;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a Nomic BERT checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H
 * @param numHiddenLayers layers
 * @param numAttentionHeads heads of each layer
 * @param headDim size of a head, or null for {@code H / heads}
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an activation by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training
 * @param maxPositionEmbeddings the length trained on, which rotary scaling may need
 * @param typeVocabSize segments
 * @param layerNormEps positive
 * @param padTokenId the token whose embedding is not trained
 * @param classifierDropout before a classifier, or null for {@code hiddenDropoutProb}
 */
public record NomicBertConfig(
    @Default("30528") int vocabSize,
    @Default("768") int hiddenSize,
    @Default("12") int numHiddenLayers,
    @Default("12") int numAttentionHeads,
    @Nullable Integer headDim,
    @Default("3072") int intermediateSize,
    @Default("silu") String hiddenAct,
    @Default("0.0") double hiddenDropoutProb,
    @Default("0.0") double attentionProbsDropoutProb,
    @Default("2048") int maxPositionEmbeddings,
    @Default("2") int typeVocabSize,
    @Default("1e-12") double layerNormEps,
    @Default("0") @Nullable Integer padTokenId,
    @Nullable Double classifierDropout) {
  /** Checks what later code divides by. */
  public NomicBertConfig {
    if (numAttentionHeads < 1 || (headDim == null && hiddenSize % numAttentionHeads != 0)) {
      throw new IllegalArgumentException(
          "hidden_size: expected a multiple of the "
              + numAttentionHeads
              + " heads, got "
              + hiddenSize);
    }
    Activation.named(hiddenAct);
  }

  int headSize() {
    return headDim == null ? hiddenSize / numAttentionHeads : headDim;
  }

  double headDropout() {
    return classifierDropout == null ? hiddenDropoutProb : classifierDropout;
  }
}
