package dev.heed.train.optim;

import java.util.List;

/**
 * Adagrad (Duchi et al. 2011): {@code s ← s + g²}, {@code p ← p - η / (1 + (t - 1)γ) · g / (√s +
 * ε)}.
 *
 * @param rateDecay γ, from 0
 * @param initial what s starts from
 * @param epsilon ε
 * @param weightDecay λ, added to the gradient as {@code λp}
 */
public record Adagrad(double rateDecay, double initial, double epsilon, double weightDecay)
    implements ElementwiseRule {
  /** Checks the ranges. */
  public Adagrad {
    UpdateRule.requireFinite("lr_decay", rateDecay);
    UpdateRule.requireFinite("initial_accumulator_value", initial);
    UpdateRule.requireFinite("epsilon", epsilon);
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    return List.of("sum");
  }

  @Override
  public BlockUpdate at(Step step) {
    double rate = step.rate() / (1 + (step.number() - 1) * rateDecay);
    return block -> {
      Moments.addDecay(block, weightDecay);
      double[] p = block.values();
      double[] g = block.gradients();
      double[] s = block.slot(0);
      for (int i = 0; i < block.length(); i++) {
        s[i] += g[i] * g[i];
        p[i] -= rate * g[i] / (Math.sqrt(s[i]) + epsilon);
      }
    };
  }

  @Override
  public boolean hasMomentum() {
    return false;
  }

  @Override
  public Adagrad withWeightDecay(double decay) {
    return new Adagrad(rateDecay, initial, epsilon, decay);
  }
}
