package dev.heed.train.optim;

import java.util.List;

/**
 * Adam with Nesterov's momentum (Dozat 2016): {@code μₜ = β₁(1 - ½ · 0.96^(tψ))}, {@code Πₜ = μ₁ …
 * μₜ}, {@code p ← p - η · [(1 - μₜ) / (1 - Πₜ) · g + μₜ₊₁ / (1 - Πₜ₊₁) · m] / (√v̂ + ε)}.
 *
 * @param moments β₁, β₂ and ε
 * @param momentumDecay ψ, from 0
 * @param weightDecay λ, added to the gradient as {@code λp}
 */
public record NAdam(Moments moments, double momentumDecay, double weightDecay)
    implements ElementwiseRule {
  /** What a product of momenta below this leaves of 1 - Π is 1 in double precision. */
  private static final double NOTHING = 0x1p-60;

  /** Checks the ranges. */
  public NAdam {
    UpdateRule.requireFinite("momentum_decay", momentumDecay);
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    return Moments.SLOTS;
  }

  @Override
  public BlockUpdate at(Step step) {
    double first = step.momentumOr(moments.beta1());
    double now = momentum(first, step.number());
    double next = momentum(first, step.number() + 1);
    double product = product(first, step.number());
    double ofGradient = step.rate() * (1 - now) / (1 - product);
    double ofMean = step.rate() * next / (1 - product * next);
    double root = 1 / Math.sqrt(step.correction(moments.beta2()));
    double epsilon = moments.epsilon();
    return block -> {
      Moments.addDecay(block, weightDecay);
      moments.advance(block, first);
      double[] p = block.values();
      double[] g = block.gradients();
      double[] m = block.slot(0);
      double[] v = block.slot(1);
      for (int i = 0; i < block.length(); i++) {
        p[i] -= (ofGradient * g[i] + ofMean * m[i]) / (Math.sqrt(v[i]) * root + epsilon);
      }
    };
  }

  private double momentum(double first, long step) {
    return first * (1 - 0.5 * Math.pow(0.96, step * momentumDecay));
  }

  private double product(double first, long steps) {
    double product = 1;
    for (long step = 1; step <= steps && product > NOTHING; step++) {
      product *= momentum(first, step);
    }
    return product;
  }

  @Override
  public NAdam withWeightDecay(double decay) {
    return new NAdam(moments, momentumDecay, decay);
  }
}
