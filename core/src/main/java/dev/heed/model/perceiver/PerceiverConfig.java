package dev.heed.model.perceiver;

import dev.heed.model.Default;
import dev.heed.nn.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The sizes and choices of a Perceiver checkpoint for texts, named as in its {@code config.json}.
 *
 * @param numLatents latent vectors
 * @param dLatents size of a latent vector
 * @param dModel size of an input's vector
 * @param numBlocks how often the layers are gone through
 * @param numSelfAttendsPerBlock layers
 * @param numSelfAttentionHeads heads of each layer
 * @param numCrossAttentionHeads heads that read the input
 * @param qkChannels size of queries and keys of all heads, or null for that of what they are made
 *     of
 * @param vChannels size of values of all heads, or null for that of queries
 * @param crossAttentionShapeForAttention whether reading takes its size from queries or from keys
 * @param selfAttentionWideningFactor inner size of a layer's feed-forward part, in {@code dLatents}
 * @param crossAttentionWideningFactor the same where the input is read
 * @param hiddenAct an activation by its config name
 * @param attentionProbsDropoutProb in [0, 1), on weights, while training
 * @param useQueryResidual whether what read the input is added to what it read
 * @param vocabSize tokens in the vocabulary
 * @param maxPositionEmbeddings the longest text in tokens, and how many outputs there are
 */
record PerceiverConfig(
    @Default("256") int numLatents,
    @Default("1280") int dLatents,
    @Default("768") int dModel,
    @Default("1") int numBlocks,
    @Default("26") int numSelfAttendsPerBlock,
    @Default("8") int numSelfAttentionHeads,
    @Default("8") int numCrossAttentionHeads,
    @Nullable Integer qkChannels,
    @Nullable Integer vChannels,
    @Default("kv") Shape crossAttentionShapeForAttention,
    @Default("1") int selfAttentionWideningFactor,
    @Default("1") int crossAttentionWideningFactor,
    @Default("gelu") String hiddenAct,
    @Default("0.1") double attentionProbsDropoutProb,
    @Default("true") boolean useQueryResidual,
    @Default("262") int vocabSize,
    @Default("2048") int maxPositionEmbeddings) {
  /** Whose size reading takes. */
  enum Shape {
    /** The queries'. */
    Q,
    /** The keys'. */
    KV
  }

  /** Checks the counts. */
  PerceiverConfig {
    Activation.named(hiddenAct);
    if (numLatents < 1 || numBlocks < 1 || numSelfAttendsPerBlock < 1) {
      throw new IllegalArgumentException(
          "num_latents, num_blocks, num_self_attends_per_block: expected 1 or more, got "
              + numLatents
              + ", "
              + numBlocks
              + " and "
              + numSelfAttendsPerBlock);
    }
  }

  /** How latents read the input. */
  Reading reading() {
    return new Reading(
        dLatents,
        dModel,
        channels(qkChannels, dLatents, dModel),
        vChannels,
        numCrossAttentionHeads,
        crossAttentionWideningFactor,
        useQueryResidual);
  }

  /** Size of queries and keys where queries of one size read keys of another. */
  int channels(@Nullable Integer given, int queries, int keys) {
    if (given != null) {
      return given;
    }
    return crossAttentionShapeForAttention == Shape.Q ? queries : keys;
  }

  /**
   * The sizes of one attention to other vectors.
   *
   * @param queries size of what reads, and of the result
   * @param keys size of what is read
   * @param channels size of queries and keys of all heads
   * @param values size of values of all heads, or null for {@code channels}
   * @param heads how many
   * @param widening inner size of the feed-forward part, in {@code queries}
   * @param residual whether what reads is added to what it read
   */
  record Reading(
      int queries,
      int keys,
      int channels,
      @Nullable Integer values,
      int heads,
      int widening,
      boolean residual) {
    /** Checks that heads divide them. */
    Reading {
      int read = values == null ? channels : values;
      if (heads < 1 || channels % heads != 0 || read % heads != 0) {
        throw new IllegalArgumentException(
            "qk_channels, v_channels: expected multiples of the "
                + heads
                + " heads, got "
                + channels
                + " and "
                + read);
      }
    }

    int valueChannels() {
      return values == null ? channels : values;
    }
  }
}
