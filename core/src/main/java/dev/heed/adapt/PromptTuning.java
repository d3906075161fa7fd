package dev.heed.adapt;

import dev.heed.nn.Initializer;
import dev.heed.nn.Module;
import dev.heed.nn.Weights;
import dev.heed.tensor.Tensor;

/**
 * Trained vectors of virtual tokens that a frozen model reads before its own (Lester et al. 2021).
 */
public final class PromptTuning extends Module {
  private final Tensor rows;

  /**
   * With the parameter {@code prompt [P, size]}.
   *
   * @param length virtual tokens P, from 1
   * @param size of the model's token vectors
   */
  public PromptTuning(Weights weights, long length, long size) {
    super(weights);
    if (length < 1 || size < 1) {
      throw new IllegalArgumentException(
          "prompt: expected a length and a size from 1, got " + length + " and " + size);
    }
    rows = weights.parameter("prompt", Initializer.normal(0.02), length, size);
  }

  /** How many virtual tokens there are. */
  public long length() {
    return rows.size(0);
  }

  /** The vectors, {@code [P, size]}. */
  public Tensor rows() {
    return rows;
  }
}
