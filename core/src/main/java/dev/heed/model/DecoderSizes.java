package dev.heed.model;

import dev.heed.attention.HeadSizes;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.model.block.LayerBody;
import dev.heed.nn.Activation;
import dev.heed.nn.Embedding;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Weights;
import org.jspecify.annotations.Nullable;

/** What the configs of Llama and its descendants have in common, named as in the file. */
public interface DecoderSizes {
  /** Tokens in the vocabulary. */
  int vocabSize();

  /** H, the size of a token's vector. */
  int hiddenSize();

  /** Inner size of the feed-forward part. */
  int intermediateSize();

  /** How many layers. */
  int numHiddenLayers();

  /** Query heads of each layer. */
  int numAttentionHeads();

  /** Key heads of each layer, or null for as many as query heads. */
  @Nullable Integer numKeyValueHeads();

  /** The size of a head, or null for {@code H / heads}. */
  default @Nullable Integer headDim() {
    return null;
  }

  /** The name of the feed-forward part's activation. */
  String hiddenAct();

  /** The length trained on, which rotary scaling may need. */
  int maxPositionEmbeddings();

  /** Whether the token table also scores the vocabulary. */
  boolean tieWordEmbeddings();

  /** The sizes of attention. */
  default HeadSizes heads() {
    Integer keys = numKeyValueHeads();
    Integer size = headDim();
    if (size == null && (numAttentionHeads() < 1 || hiddenSize() % numAttentionHeads() != 0)) {
      throw new IllegalArgumentException(
          "hidden_size: expected a multiple of the "
              + numAttentionHeads()
              + " heads, got "
              + hiddenSize());
    }
    return new HeadSizes(
        hiddenSize(),
        numAttentionHeads(),
        keys == null ? numAttentionHeads() : keys,
        size == null ? hiddenSize() / numAttentionHeads() : size);
  }

  /** The feed-forward part's activation. */
  default Activation activation() {
    return Activation.named(hiddenAct());
  }

  /** The table {@code embed_tokens}; the padding token's row gets no gradient from look-ups. */
  default Embedding words(Weights weights, ModelConfig keys) {
    long padding = keys.json().path("pad_token_id").asLong(-1);
    return new Embedding(weights.child("embed_tokens"), vocabSize(), hiddenSize(), padding);
  }

  /** Llama's gated feed-forward network. */
  default LayerBody feedForward(Weights weights, boolean bias) {
    return LayerBody.each(
        GatedFeedForward.of(weights, hiddenSize(), intermediateSize(), bias, activation())::apply);
  }

  /**
   * Reads a config's keys and checks what later code divides by.
   *
   * @throws CheckpointException as {@link ModelConfig#read}
   */
  static <R extends Record & DecoderSizes> R read(ModelConfig keys, Class<R> type) {
    R config = keys.read(type);
    try {
      config.heads();
      config.activation();
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          Kind.VALUE,
          keys.where(),
          "values that make a decoder",
          Quoted.of(String.valueOf(e.getMessage())),
          "Correct this value in the file.",
          e);
    }
    return config;
  }
}
