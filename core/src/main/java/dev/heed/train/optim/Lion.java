package dev.heed.train.optim;

import java.util.List;

/**
 * Lion (Chen et al. 2023, algorithm 2): {@code p ← (1 - ηλ)p - η · sign(β₁m + (1 - β₁)g)}, then
 * {@code m ← β₂m + (1 - β₂)g}; the sign of 0 is 0.
 *
 * @param beta1 β₁ in [0, 1)
 * @param beta2 β₂ in [0, 1)
 * @param weightDecay λ
 */
public record Lion(double beta1, double beta2, double weightDecay) implements ElementwiseRule {
  /** Checks the ranges. */
  public Lion {
    UpdateRule.require("beta1", beta1, 0, 1);
    UpdateRule.require("beta2", beta2, 0, 1);
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    return List.of("exp_avg");
  }

  @Override
  public BlockUpdate at(Step step) {
    double rate = step.rate();
    double first = step.momentumOr(beta1);
    return block -> {
      Moments.shrink(block, 1 - rate * weightDecay);
      double[] p = block.values();
      double[] g = block.gradients();
      double[] m = block.slot(0);
      for (int i = 0; i < block.length(); i++) {
        p[i] -= rate * Math.signum(first * m[i] + (1 - first) * g[i]);
        m[i] = beta2 * m[i] + (1 - beta2) * g[i];
      }
    };
  }

  @Override
  public Lion withWeightDecay(double decay) {
    return new Lion(beta1, beta2, decay);
  }
}
