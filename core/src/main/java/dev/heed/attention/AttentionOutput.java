package dev.heed.attention;

import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What attention gives.
 *
 * @param output the weighted values; the shape is the mechanism's
 * @param weights exact weights after the softmax {@code [B, H, Tq, Tk]}, before dropout; null
 *     unless asked for, and where a mechanism has none
 * @param global weights of global tokens, where a mechanism keeps them apart {@code [B, H, T, G]};
 *     else null
 */
public record AttentionOutput(Tensor output, @Nullable Tensor weights, @Nullable Tensor global) {
  /** Without global tokens. */
  public AttentionOutput(Tensor output, @Nullable Tensor weights) {
    this(output, weights, null);
  }

  /** Without weights. */
  public static AttentionOutput of(Tensor output) {
    return new AttentionOutput(output, null);
  }

  /**
   * The weights.
   *
   * @throws IllegalStateException if there are none
   */
  public Tensor requireWeights() {
    if (weights == null) {
      throw new IllegalStateException(
          "no attention weights: expected a request withWeights() to a mechanism that has them");
    }
    return weights;
  }
}
