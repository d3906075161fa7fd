package dev.heed.train.optim;

import dev.heed.tensor.kernel.AdamStep;
import java.util.List;

/**
 * Running means of gradients and of their squares, as the Adam family keeps them: {@code m ← β₁m +
 * (1 - β₁)g}, {@code v ← β₂v + (1 - β₂)g²}.
 *
 * @param beta1 β₁ in [0, 1)
 * @param beta2 β₂ in [0, 1)
 * @param epsilon ε, added to the root of v
 */
public record Moments(double beta1, double beta2, double epsilon) {
  /** Adam's usual ones: 0.9, 0.999, 1e-8. */
  public static final Moments USUAL = new Moments(0.9, 0.999, 1e-8);

  static final List<String> SLOTS = List.of("exp_avg", "exp_avg_sq");
  static final List<String> SLOTS_WITH_MAXIMUM = List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq");

  /** Checks the ranges. */
  public Moments {
    UpdateRule.require("beta1", beta1, 0, 1);
    UpdateRule.require("beta2", beta2, 0, 1);
    UpdateRule.requireFinite("epsilon", epsilon);
  }

  /** Lets both means run on by one block; {@code first} stands for β₁. */
  void advance(Block block, double first) {
    double[] g = block.gradients();
    double[] m = block.slot(0);
    double[] v = block.slot(1);
    for (int i = 0; i < block.length(); i++) {
      m[i] = first * m[i] + (1 - first) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
    }
  }

  /** Keeps the largest v so far in the third slot, which is returned. */
  static double[] advanceMaximum(Block block) {
    double[] v = block.slot(1);
    double[] largest = block.slot(2);
    for (int i = 0; i < block.length(); i++) {
      largest[i] = Math.max(largest[i], v[i]);
    }
    return largest;
  }

  /** {@code p ← p - η · m̂ / (√v̂ + ε)}, with corrected means and {@code v} from the given slot. */
  void descend(Block block, double[] v, Step step, double first) {
    double rate = step.rate() / step.correction(first);
    double root = 1 / Math.sqrt(step.correction(beta2));
    double[] p = block.values();
    double[] m = block.slot(0);
    for (int i = 0; i < block.length(); i++) {
      p[i] -= rate * m[i] / (Math.sqrt(v[i]) * root + epsilon);
    }
  }

  /**
   * {@link #advance} and {@link #descend} in single precision.
   *
   * @param decay λ of what is added to the gradients
   * @param shrink what the values are multiplied by
   */
  AdamStep fused(Step step, Clipping clipping, double decay, double shrink) {
    double first = step.momentumOr(beta1);
    return new AdamStep(
        clipping.factor(),
        clipping.limit(),
        decay,
        shrink,
        first,
        beta2,
        step.rate() / step.correction(first),
        1 / Math.sqrt(step.correction(beta2)),
        epsilon);
  }

  /** Adds {@code λp} to the gradients. */
  static void addDecay(Block block, double weightDecay) {
    if (weightDecay != 0) {
      double[] p = block.values();
      double[] g = block.gradients();
      for (int i = 0; i < block.length(); i++) {
        g[i] += weightDecay * p[i];
      }
    }
  }

  /** Multiplies the values, {@code p ← factor · p}. */
  static void shrink(Block block, double factor) {
    if (factor != 1) {
      double[] p = block.values();
      for (int i = 0; i < block.length(); i++) {
        p[i] *= factor;
      }
    }
  }
}
