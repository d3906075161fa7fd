package dev.heed.train.optim;

/**
 * How one step changes a parameter: the options of an optimiser, without its state.
 *
 * <p>Element-wise rules are {@link ElementwiseRule}s; those that look at a whole tensor at once
 * (its norm, its rows and columns, its singular values) are {@link TensorRule}s.
 */
public sealed interface UpdateRule permits ElementwiseRule, TensorRule {
  /** The same rule with another weight decay λ; 0 for none. */
  UpdateRule withWeightDecay(double weightDecay);

  /** Whether the rule has a momentum (μ or β₁), which a schedule may move. */
  default boolean hasMomentum() {
    return true;
  }

  /**
   * Checks an option.
   *
   * @throws IllegalArgumentException naming it, unless {@code low ≤ value < high}
   */
  static void require(String option, double value, double low, double high) {
    if (!(value >= low && value < high)) {
      throw new IllegalArgumentException(
          option + ": expected a number in [" + low + ", " + high + "), got " + value);
    }
  }

  /** Checks an option that may be any finite number from 0. */
  static void requireFinite(String option, double value) {
    require(option, value, 0, Double.POSITIVE_INFINITY);
  }
}
