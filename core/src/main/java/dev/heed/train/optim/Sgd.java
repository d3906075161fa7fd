package dev.heed.train.optim;

import java.util.List;

/**
 * Stochastic gradient descent: {@code b ← μb + (1 - d)g}, {@code p ← p - ηb}, with b = g at the
 * first step; Nesterov's form goes along {@code g + μb} (Sutskever et al. 2013, section 2, as
 * PyTorch arranges it: b does not hold the learning rate).
 *
 * @param momentum μ in [0, 1)
 * @param dampening d in [0, 1]
 * @param nesterov whether to look ahead; needs momentum and no dampening
 * @param weightDecay λ, added to the gradient as {@code λp}
 */
public record Sgd(double momentum, double dampening, boolean nesterov, double weightDecay)
    implements ElementwiseRule {
  /** Checks the ranges. */
  public Sgd {
    UpdateRule.require("momentum", momentum, 0, 1);
    UpdateRule.require("dampening", dampening, 0, Math.nextUp(1.0));
    UpdateRule.requireFinite("weight_decay", weightDecay);
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "nesterov: expected a momentum above 0 and no dampening, got momentum "
              + momentum
              + " and dampening "
              + dampening);
    }
  }

  /** Plain descent along the gradient, or with momentum. */
  public Sgd(double momentum) {
    this(momentum, 0, false, 0);
  }

  @Override
  public List<String> slots() {
    return momentum == 0 ? List.of() : List.of("momentum_buffer");
  }

  @Override
  public BlockUpdate at(Step step) {
    double rate = step.rate();
    double mu = step.momentumOr(momentum);
    double share = step.number() == 1 ? 1 : 1 - dampening;
    return block -> {
      double[] p = block.values();
      double[] g = block.gradients();
      if (weightDecay != 0) {
        for (int i = 0; i < block.length(); i++) {
          g[i] += weightDecay * p[i];
        }
      }
      if (momentum != 0) {
        double[] b = block.slot(0);
        for (int i = 0; i < block.length(); i++) {
          b[i] = mu * b[i] + share * g[i];
          g[i] = nesterov ? g[i] + mu * b[i] : b[i];
        }
      }
      for (int i = 0; i < block.length(); i++) {
        p[i] -= rate * g[i];
      }
    };
  }

  @Override
  public boolean hasMomentum() {
    return momentum > 0;
  }

  @Override
  public Sgd withWeightDecay(double decay) {
    return new Sgd(momentum, dampening, nesterov, decay);
  }
}
