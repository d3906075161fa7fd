package dev.heed.model.universal;

import java.util.Locale;

/**
 * Sizes and choices of a {@link UniversalEncoder}.
 *
 * @param inputSize of the vectors that come in
 * @param size of the state of a token
 * @param filter width between the two convolutions of the transition
 * @param heads divides {@code size}
 * @param kernel width of the transition's convolutions over time, odd; 1 for a plain feed-forward
 * @param steps how often the layer is applied, at most if it halts by itself
 * @param halting whether each position halts by itself ({@link AdaptiveHalting})
 * @param variant where norms and activations stand
 */
public record UniversalConfig(
    long inputSize,
    long size,
    long filter,
    int heads,
    int kernel,
    int steps,
    boolean halting,
    Variant variant) {
  /** Where norms and activations stand. */
  public enum Variant {
    /** As the paper: normalised after each part, ReLU between the convolutions. */
    PAPER,
    /**
     * As the public PyTorch implementation: normalised before each part by the unbiased standard
     * deviation plus 1e-6, ReLU after the second convolution as well, no norm at the end.
     */
    PYTORCH
  }

  /** Checks what must divide what. */
  public UniversalConfig {
    if (heads < 1 || size % heads != 0 || kernel < 1 || kernel % 2 == 0 || steps < 1) {
      throw new IllegalArgumentException(
          "universal transformer: expected heads that divide the size, an odd kernel and at least"
              + String.format(
                  Locale.ROOT,
                  " one step, got size %d, heads %d, kernel %d, steps %d",
                  size,
                  heads,
                  kernel,
                  steps));
    }
  }
}
