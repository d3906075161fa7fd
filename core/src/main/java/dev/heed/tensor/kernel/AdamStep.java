package dev.heed.tensor.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The numbers of one step of Adam or AdamW in single precision, the same for all elements.
 *
 * <p>With {@code g ← clamp(factor · g, ±limit) + decay · p}: {@code m ← β₁m + (1 - β₁)g}, {@code v
 * ← β₂v + (1 - β₂)g²}, {@code p ← shrink · p - rate · m / (√v · root + ε)}.
 *
 * @param factor of the gradients
 * @param limit of their elements after that, infinite for none
 * @param decay λ of Adam, 0 for AdamW
 * @param shrink {@code 1 - ηλ} of AdamW, 1 for Adam
 * @param beta1 β₁
 * @param beta2 β₂
 * @param rate η over the correction of m
 * @param root one over the root of the correction of v
 * @param epsilon ε
 */
public record AdamStep(
    double factor,
    double limit,
    double decay,
    double shrink,
    double beta1,
    double beta2,
    double rate,
    double root,
    double epsilon) {

  /**
   * Floats that lie at the same places.
   *
   * @param values p, changed
   * @param gradients g, read
   * @param means m, changed
   * @param squares v, changed
   */
  public record Memory(
      MemorySegment values, MemorySegment gradients, MemorySegment means, MemorySegment squares) {}
}
