package dev.heed.train.optim;

import java.util.List;

/**
 * Adadelta (Zeiler 2012, algorithm 1): {@code s ← ρs + (1 - ρ)g²}, {@code d = √(a + ε) / √(s + ε) ·
 * g}, {@code a ← ρa + (1 - ρ)d²}, {@code p ← p - ηd}.
 *
 * @param rho ρ in [0, 1)
 * @param epsilon ε
 * @param weightDecay λ, added to the gradient as {@code λp}
 */
public record Adadelta(double rho, double epsilon, double weightDecay) implements ElementwiseRule {
  /** Checks the ranges. */
  public Adadelta {
    UpdateRule.require("rho", rho, 0, 1);
    UpdateRule.requireFinite("epsilon", epsilon);
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    return List.of("square_avg", "acc_delta");
  }

  @Override
  public BlockUpdate at(Step step) {
    double rate = step.rate();
    return block -> {
      Moments.addDecay(block, weightDecay);
      double[] p = block.values();
      double[] g = block.gradients();
      double[] s = block.slot(0);
      double[] a = block.slot(1);
      for (int i = 0; i < block.length(); i++) {
        s[i] = rho * s[i] + (1 - rho) * g[i] * g[i];
        double change = Math.sqrt(a[i] + epsilon) / Math.sqrt(s[i] + epsilon) * g[i];
        a[i] = rho * a[i] + (1 - rho) * change * change;
        p[i] -= rate * change;
      }
    };
  }

  @Override
  public boolean hasMomentum() {
    return false;
  }

  @Override
  public Adadelta withWeightDecay(double decay) {
    return new Adadelta(rho, epsilon, decay);
  }
}
