package dev.heed.attention;

/**
 * Attention whose scores a module around it changes by what it makes of the tokens, so that the
 * attention itself can be {@linkplain MixerSwap swapped} and the change stays.
 */
public interface ModifiedAttention extends SequenceMixer {
  /** The attention within. */
  MultiHeadAttention attention();

  /** The same change around another mixer, which gets it in its requests. */
  SequenceMixer around(SequenceMixer other);
}
