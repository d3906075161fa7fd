package dev.heed.train.optim;

import java.util.List;

/**
 * Rectified Adam (Liu et al. 2020, algorithm 2): while the variance of the adaptive rate is
 * intractable ({@code ρₜ ≤ 5}) {@code p ← p - ηm̂}, afterwards {@code p ← p - η · rₜ · √(1 - β₂ᵗ) ·
 * m̂ / (√v + ε)}, with {@code ρ∞ = 2 / (1 - β₂) - 1}, {@code ρₜ = ρ∞ - 2tβ₂ᵗ / (1 - β₂ᵗ)}.
 *
 * @param moments β₁, β₂ and ε
 * @param weightDecay λ, added to the gradient as {@code λp}
 */
public record RAdam(Moments moments, double weightDecay) implements ElementwiseRule {
  private static final double TRACTABLE_FROM = 5;

  /** Checks the range. */
  public RAdam {
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    return Moments.SLOTS;
  }

  @Override
  public BlockUpdate at(Step step) {
    double first = step.momentumOr(moments.beta1());
    double second = step.correction(moments.beta2());
    double limit = 2 / (1 - moments.beta2()) - 1;
    double length = limit - 2 * step.number() * (1 - second) / second;
    boolean rectified = length > TRACTABLE_FROM;
    double rate =
        step.rate()
            / step.correction(first)
            * (rectified ? rectification(length, limit) * Math.sqrt(second) : 1);
    double epsilon = moments.epsilon();
    return block -> {
      Moments.addDecay(block, weightDecay);
      moments.advance(block, first);
      double[] p = block.values();
      double[] m = block.slot(0);
      double[] v = block.slot(1);
      for (int i = 0; i < block.length(); i++) {
        p[i] -= rectified ? rate * m[i] / (Math.sqrt(v[i]) + epsilon) : rate * m[i];
      }
    };
  }

  /** {@code rₜ = √((ρₜ - 4)(ρₜ - 2)ρ∞ / ((ρ∞ - 4)(ρ∞ - 2)ρₜ))}. */
  private static double rectification(double length, double limit) {
    return Math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
  }

  @Override
  public RAdam withWeightDecay(double decay) {
    return new RAdam(moments, decay);
  }
}
