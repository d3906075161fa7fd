package dev.heed.nn;

import dev.heed.tensor.Tensor;

/** Normalises the last dimension, or leaves it as it is. */
@FunctionalInterface
public interface Norm {
  /** Leaves values as they are: where a block has no norm. */
  Norm NONE = x -> x;

  /**
   * Normalises.
   *
   * @param x {@code [..., size]}
   * @return the same shape, owned by the current scope
   */
  Tensor apply(Tensor x);
}
