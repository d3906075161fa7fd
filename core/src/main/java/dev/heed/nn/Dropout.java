package dev.heed.nn;

import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;

/**
 * Sets elements to 0 with probability p while training and divides the rest by {@code 1 - p}
 * (Srivastava et al. 2014); does nothing in inference.
 *
 * @param probability in [0, 1)
 */
public record Dropout(double probability) {
  /** Checks the probability. */
  public Dropout {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "dropout: expected a probability in [0, 1), got " + probability);
    }
  }

  /** Drops out if the run trains. */
  public Tensor apply(Tensor x, Trace trace) {
    Generator generator = trace.dropoutGenerator();
    return generator == null || probability == 0 ? x : x.dropout(probability, generator);
  }
}
