package dev.heed.model.t5;

import dev.heed.attention.MultiHeadAttention;
import dev.heed.attention.SequenceMixer;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Weights;
import org.jspecify.annotations.Nullable;

/**
 * How the encoder's layers attend.
 *
 * @param name of the attention within a layer
 * @param pattern which keys they see besides padding, or null for all
 * @param mixers what attends
 */
record T5Reading(String name, @Nullable AttentionMask pattern, Mixers mixers) {
  /** The name of T5's own self-attention. */
  static final String NAME = "SelfAttention";

  /** Each token sees all. */
  static final T5Reading FULL = new T5Reading(NAME, null, Mixers.OWN);

  /** What attends in a layer. */
  @FunctionalInterface
  interface Maker {
    /**
     * Makes it.
     *
     * @param block the layer's path
     * @param own T5's attention with the layer's maps
     */
    SequenceMixer of(Weights block, MultiHeadAttention own);
  }

  /** What attends in the layers of an encoder. */
  @FunctionalInterface
  interface Mixers {
    /** T5's attention. */
    Mixers OWN = (encoder, config) -> (block, own) -> own;

    /** Reads what the layers share. */
    Maker in(Weights encoder, T5Config config);
  }

  Maker in(Weights encoder, T5Config config) {
    return mixers.in(encoder, config);
  }
}
