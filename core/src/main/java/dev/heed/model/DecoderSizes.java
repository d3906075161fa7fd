package dev.heed.model;

import dev.heed.attention.HeadSizes;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.model.block.LayerBody;
import dev.heed.nn.Activation;
import dev.heed.nn.Embedding;
import dev.heed.nn.GatedFeedForward;
import dev.heed.nn.Weights;
import org.jspecify.annotations.Nullable;

/** What the configs of Llama and its descendants have in common, named as in the file. */
public interface DecoderSizes {
  /** More layers than any model has: a config that asks for them is damaged. */
  int MOST_LAYERS = 4096;

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
    int heads = config.numAttentionHeads();
    Integer keyHeads = config.numKeyValueHeads();
    int layers = config.numHiddenLayers();
    require(
        layers >= 0 && layers <= MOST_LAYERS,
        keys,
        "num_hidden_layers",
        "from 0 to " + MOST_LAYERS,
        layers);
    require(heads > 0, keys, "num_attention_heads", "1 or more", heads);
    require(
        keyHeads == null || (keyHeads > 0 && heads % keyHeads == 0),
        keys,
        "num_key_value_heads",
        "a divisor of the " + heads + " heads",
        keyHeads);
    require(
        config.headDim() != null || config.hiddenSize() % heads == 0,
        keys,
        "hidden_size",
        "a multiple of the " + heads + " heads, or head_dim beside it",
        config.hiddenSize());
    try {
      config.heads();
      config.activation();
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          Kind.VALUE,
          keys.where() + ", head_dim or hidden_act",
          "values that make a decoder",
          String.valueOf(e.getMessage()),
          "Correct this value in the file.",
          e);
    }
    return config;
  }

  private static void require(
      boolean right, ModelConfig keys, String key, String expected, @Nullable Object got) {
    if (!right) {
      throw new CheckpointException(
          Kind.VALUE,
          keys.where() + ", " + key,
          expected,
          String.valueOf(got),
          "Correct this value in the file.");
    }
  }
}
