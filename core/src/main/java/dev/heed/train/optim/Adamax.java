package dev.heed.train.optim;

import java.util.List;

/**
 * Adamax (Kingma and Ba 2015, algorithm 2): {@code u ← max(β₂u, |g| + ε)}, {@code p ← p - η / (1 -
 * β₁ᵗ) · m / u}.
 *
 * @param moments β₁, β₂ and ε
 * @param weightDecay λ, added to the gradient as {@code λp}
 */
public record Adamax(Moments moments, double weightDecay) implements ElementwiseRule {
  /** Checks the range. */
  public Adamax {
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    return List.of("exp_avg", "exp_inf");
  }

  @Override
  public BlockUpdate at(Step step) {
    double first = step.momentumOr(moments.beta1());
    double second = moments.beta2();
    double epsilon = moments.epsilon();
    double rate = step.rate() / step.correction(first);
    return block -> {
      Moments.addDecay(block, weightDecay);
      double[] p = block.values();
      double[] g = block.gradients();
      double[] m = block.slot(0);
      double[] u = block.slot(1);
      for (int i = 0; i < block.length(); i++) {
        m[i] = first * m[i] + (1 - first) * g[i];
        u[i] = Math.max(second * u[i], Math.abs(g[i]) + epsilon);
        p[i] -= rate * m[i] / u[i];
      }
    };
  }

  @Override
  public Adamax withWeightDecay(double decay) {
    return new Adamax(moments, decay);
  }
}
