package dev.heed.mixer.statespace;

import java.util.Locale;

/**
 * The sizes of a Mamba 2 block.
 *
 * @param dModel size of the embeddings
 * @param heads H, each with a decay of its own
 * @param headSize P, channels of a head
 * @param dState N, numbers of state a channel
 * @param groups of neighbouring heads that share B and C; a divisor of {@code heads}
 * @param dConv taps of the causal convolution
 */
public record Mamba2Config(
    long dModel, long heads, long headSize, long dState, long groups, long dConv) {
  /** Checks the sizes. */
  public Mamba2Config {
    long least = Math.min(Math.min(Math.min(dModel, heads), Math.min(headSize, dState)), dConv);
    if (least < 1 || groups < 1 || heads % groups != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Mamba 2: expected positive sizes and groups that divide the heads, got dModel %d,"
                  + " heads %d, head size %d, dState %d, groups %d, dConv %d",
              dModel,
              heads,
              headSize,
              dState,
              groups,
              dConv));
    }
  }

  /** One group and a convolution of four taps, as published. */
  public static Mamba2Config of(long dModel, long heads, long headSize, long dState) {
    return new Mamba2Config(dModel, heads, headSize, dState, 1, 4);
  }

  /** The number of inner channels. */
  public long inner() {
    return heads * headSize;
  }

  /** The channels that pass the convolution: those scanned, B and C. */
  long convolved() {
    return inner() + 2 * groups * dState;
  }
}
