package dev.heed.model.bert;

import dev.heed.model.Default;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a BERT checkpoint, named as in its {@code config.json}.
 *
 * @param vocabSize tokens in the vocabulary
 * @param hiddenSize H, a multiple of the heads
 * @param numHiddenLayers layers, from 1
 * @param numAttentionHeads heads of each layer, from 1
 * @param intermediateSize inner size of the feed-forward part
 * @param hiddenAct an {@link Activation} by its config name
 * @param hiddenDropoutProb in [0, 1), while training
 * @param attentionProbsDropoutProb in [0, 1), on weights after softmax, while training
 * @param maxPositionEmbeddings the longest text in tokens
 * @param typeVocabSize segments, 0 for none
 * @param layerNormEps positive
 * @param padTokenId the token whose embedding is not trained, or null for none
 * @param positionEmbeddingType how positions enter
 * @param classifierDropout before a classifier, or null for {@code hiddenDropoutProb}
 */
public record BertConfig(
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
    @Default("0") @Nullable Integer padTokenId,
    @Default("absolute") Positions positionEmbeddingType,
    @Nullable Double classifierDropout) {

  /** How positions enter the model. */
  public enum Positions {
    /** A learned vector is added to each token's embedding. */
    ABSOLUTE,
    /** Scores gain {@code q · a(i-j)} (Shaw et al. 2018). */
    RELATIVE_KEY,
    /** Scores gain {@code q · a(i-j) + k · a(i-j)} (Huang et al. 2020, method 4). */
    RELATIVE_KEY_QUERY
  }

  // Larger sizes than any published model's, small enough that no product of two overflows.
  private static final int LARGEST = 1 << 24;

  /** Checks every range. */
  public BertConfig {
    range("vocab_size", vocabSize);
    range("hidden_size", hiddenSize);
    range("num_hidden_layers", numHiddenLayers);
    range("num_attention_heads", numAttentionHeads);
    range("intermediate_size", intermediateSize);
    range("max_position_embeddings", maxPositionEmbeddings);
    if (typeVocabSize != 0) {
      range("type_vocab_size", typeVocabSize);
    }
    if (hiddenSize % numAttentionHeads != 0) {
      throw new IllegalArgumentException(
          "hidden_size: expected a multiple of the "
              + numAttentionHeads
              + " heads, got "
              + hiddenSize);
    }
    Activation.named(hiddenAct);
    probability("hidden_dropout_prob", hiddenDropoutProb);
    probability("attention_probs_dropout_prob", attentionProbsDropoutProb);
    if (classifierDropout != null) {
      probability("classifier_dropout", classifierDropout);
    }
    if (!(layerNormEps > 0 && layerNormEps < 1)) {
      throw new IllegalArgumentException(
          "layer_norm_eps: expected a number between 0 and 1, got " + layerNormEps);
    }
    if (padTokenId != null && (padTokenId < 0 || padTokenId >= vocabSize)) {
      throw new IllegalArgumentException(
          "pad_token_id: expected a token below " + vocabSize + ", got " + padTokenId);
    }
  }

  /** The size of one head. */
  public int headSize() {
    return hiddenSize / numAttentionHeads;
  }

  /** The row of the word table without a gradient, or -1. */
  public int paddingRow() {
    return padTokenId == null ? -1 : padTokenId;
  }

  /** Dropout before a classifier. */
  public double headDropout() {
    return classifierDropout == null ? hiddenDropoutProb : classifierDropout;
  }

  private static void range(String name, int value) {
    if (value < 1 || value > LARGEST) {
      throw new IllegalArgumentException(
          name + ": expected a whole number from 1 to " + LARGEST + ", got " + value);
    }
  }

  private static void probability(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(name + ": expected a number in [0, 1), got " + value);
    }
  }
}
