package dev.heed.mixer.statespace;

import dev.heed.nn.Activation;
import java.util.List;

/**
 * What published Mamba 2 blocks do in one way or another.
 *
 * @param biases whether the map into the block has one
 * @param outputBias whether the map out of it has one
 * @param convolutionBias whether the convolution has one
 * @param activation after the convolution
 * @param gating how what is scanned meets the gate
 * @param epsilon of the norm there
 * @param shortest smallest step Δ
 * @param longest greatest step Δ, perhaps infinite
 * @param multipliers of z, x, B, C and Δ' (Falcon-H1); empty for none
 */
public record Mamba2Choices(
    boolean biases,
    boolean outputBias,
    boolean convolutionBias,
    Activation activation,
    Gating gating,
    double epsilon,
    double shortest,
    double longest,
    List<Double> multipliers) {
  /** How many parts the first map's result has. */
  static final int PARTS = 5;

  /** How what is scanned, y, meets the gate z. */
  public enum Gating {
    /** {@code norm(y ⊙ silu(z))} over all channels. */
    NORM_OF_ALL,
    /** The same over each group's channels. */
    NORM_OF_GROUPS,
    /** {@code norm(y) ⊙ silu(z)} over each group's channels. */
    GATED_NORM_OF_GROUPS,
    /** {@code y ⊙ silu(z)}. */
    NO_NORM
  }

  /** Checks the limits and the multipliers. */
  public Mamba2Choices {
    multipliers = List.copyOf(multipliers);
    if (!(shortest <= longest)) {
      throw new IllegalArgumentException(
          "Mamba 2: expected limits of the step in order, got " + shortest + " and " + longest);
    }
    if (!multipliers.isEmpty() && multipliers.size() != PARTS) {
      throw new IllegalArgumentException(
          "Mamba 2: expected none or " + PARTS + " multipliers, got " + multipliers);
    }
  }

  /** The authors': a bias of the convolution alone, SiLU, a norm over all gated channels. */
  public static Mamba2Choices usual() {
    return new Mamba2Choices(
        false,
        false,
        true,
        Activation.SILU,
        Gating.NORM_OF_ALL,
        1e-5,
        0,
        Double.POSITIVE_INFINITY,
        List.of());
  }
}
