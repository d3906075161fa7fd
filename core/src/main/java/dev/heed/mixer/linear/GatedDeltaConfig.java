package dev.heed.mixer.linear;

import dev.heed.nn.Activation;
import java.util.Locale;

/**
 * The sizes and choices of a gated delta net.
 *
 * @param size of a token's vector
 * @param keyHeads heads of queries and keys
 * @param valueHeads heads of values, each with a memory of its own; a multiple of {@code keyHeads},
 *     whose queries and keys neighbouring ones share
 * @param keySize Dk, size of a head's queries and keys
 * @param valueSize Dv, size of a head's values
 * @param taps of the causal convolution
 * @param activation after the convolution
 * @param epsilon of the gated norm
 */
public record GatedDeltaConfig(
    long size,
    long keyHeads,
    long valueHeads,
    long keySize,
    long valueSize,
    long taps,
    Activation activation,
    double epsilon) {
  /** Checks the sizes. */
  public GatedDeltaConfig {
    long least = Math.min(Math.min(size, keyHeads), Math.min(keySize, valueSize));
    if (Math.min(least, taps) < 1 || valueHeads < 1 || valueHeads % keyHeads != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "gated delta net: expected positive sizes and key heads that divide the value heads,"
                  + " got size %d, key heads %d of %d, value heads %d of %d, taps %d",
              size,
              keyHeads,
              keySize,
              valueHeads,
              valueSize,
              taps));
    }
  }

  /** SiLU, a convolution of four taps and an epsilon of 1e-6, as published, with equal heads. */
  public static GatedDeltaConfig of(long size, long heads, long headSize) {
    return new GatedDeltaConfig(size, heads, heads, headSize, headSize, 4, Activation.SILU, 1e-6);
  }

  /** Elements of all heads' keys. */
  long keys() {
    return keyHeads * keySize;
  }

  /** Elements of all heads' values. */
  long values() {
    return valueHeads * valueSize;
  }

  /** The channels that pass the convolution: queries, keys and values. */
  long convolved() {
    return 2 * keys() + values();
  }

  /** Value heads that share a key head. */
  long shared() {
    return valueHeads / keyHeads;
  }
}
