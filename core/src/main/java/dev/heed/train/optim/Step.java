package dev.heed.train.optim;

import java.util.OptionalDouble;

/**
 * What differs from step to step.
 *
 * @param number of this step for the parameter, from 1; a parameter that got no gradient does not
 *     count on
 * @param rate η of this step, finite, from 0
 * @param momentum in place of the rule's own, where a schedule moves it
 */
public record Step(long number, double rate, OptionalDouble momentum) {
  /** Checks the ranges. */
  public Step {
    if (number < 1) {
      throw new IllegalArgumentException("step: expected a number from 1, got " + number);
    }
    UpdateRule.requireFinite("learning rate", rate);
  }

  /** A step with the rule's own momentum. */
  public Step(long number, double rate) {
    this(number, rate, OptionalDouble.empty());
  }

  /** The scheduled momentum, or the rule's own. */
  double momentumOr(double own) {
    return momentum.orElse(own);
  }

  /** {@code 1 - βᵗ}: what corrects a running mean that started from 0. */
  double correction(double beta) {
    return 1 - Math.pow(beta, number);
  }
}
