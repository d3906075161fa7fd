package dev.heed.mixer.statespace;

import dev.heed.nn.Activation;
import java.util.Locale;

/**
 * The sizes and choices of a Mamba 2 block.
 *
 * @param dModel size of the embeddings
 * @param heads H, each with a decay of its own
 * @param headSize P, channels of a head
 * @param dState N, numbers of state a channel
 * @param groups of neighbouring heads that share B and C; a divisor of {@code heads}
 * @param dConv taps of the causal convolution
 * @param biases whether the maps into and out of the block have biases
 * @param convolutionBias whether the convolution has one
 * @param activation after the convolution
 * @param epsilon of the gated norm
 * @param shortest smallest step Δ
 * @param longest greatest step Δ, perhaps infinite
 */
public record Mamba2Config(
    long dModel,
    long heads,
    long headSize,
    long dState,
    long groups,
    long dConv,
    boolean biases,
    boolean convolutionBias,
    Activation activation,
    double epsilon,
    double shortest,
    double longest) {
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
    if (!(shortest <= longest)) {
      throw new IllegalArgumentException(
          "Mamba 2: expected limits of the step in order, got " + shortest + " and " + longest);
    }
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
