package dev.heed.train.optim;

import java.util.List;

/**
 * RMSProp (Hinton 2012, lecture 6e): {@code v ← αv + (1 - α)g²}, {@code p ← p - η · g / (√v + ε)};
 * centred, the root is {@code √(v - a²)} with a the running mean of g (Graves 2013, equation 40);
 * with momentum, {@code b ← μb + g / (√v + ε)} and {@code p ← p - ηb}.
 *
 * @param alpha α in [0, 1)
 * @param epsilon ε
 * @param momentum μ in [0, 1)
 * @param centered whether to subtract the squared mean
 * @param weightDecay λ, added to the gradient as {@code λp}
 */
public record RmsProp(
    double alpha, double epsilon, double momentum, boolean centered, double weightDecay)
    implements ElementwiseRule {
  private static final String SQUARES = "square_avg";
  private static final String MEANS = "grad_avg";
  private static final String MOMENTUM = "momentum_buffer";

  /** Checks the ranges. */
  public RmsProp {
    UpdateRule.require("alpha", alpha, 0, 1);
    UpdateRule.requireFinite("epsilon", epsilon);
    UpdateRule.require("momentum", momentum, 0, 1);
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    if (momentum == 0) {
      return centered ? List.of(SQUARES, MEANS) : List.of(SQUARES);
    }
    return centered ? List.of(SQUARES, MOMENTUM, MEANS) : List.of(SQUARES, MOMENTUM);
  }

  @Override
  public BlockUpdate at(Step step) {
    double rate = step.rate();
    double mu = step.momentumOr(momentum);
    return block -> {
      Moments.addDecay(block, weightDecay);
      double[] g = block.gradients();
      double[] v = block.slot(0);
      for (int i = 0; i < block.length(); i++) {
        v[i] = alpha * v[i] + (1 - alpha) * g[i] * g[i];
      }
      divideByRoot(block, v);
      double[] p = block.values();
      if (momentum == 0) {
        for (int i = 0; i < block.length(); i++) {
          p[i] -= rate * g[i];
        }
        return;
      }
      double[] b = block.slot(1);
      for (int i = 0; i < block.length(); i++) {
        b[i] = mu * b[i] + g[i];
        p[i] -= rate * b[i];
      }
    };
  }

  /** Leaves {@code g / (√v + ε)}, or its centred form, in the gradients. */
  private void divideByRoot(Block block, double[] v) {
    double[] g = block.gradients();
    if (!centered) {
      for (int i = 0; i < block.length(); i++) {
        g[i] /= Math.sqrt(v[i]) + epsilon;
      }
      return;
    }
    double[] a = block.slot(momentum == 0 ? 1 : 2);
    for (int i = 0; i < block.length(); i++) {
      a[i] = alpha * a[i] + (1 - alpha) * g[i];
      // v ≥ a² but for the rounding with which the two were stored
      g[i] /= Math.sqrt(Math.max(0, v[i] - a[i] * a[i])) + epsilon;
    }
  }

  @Override
  public boolean hasMomentum() {
    return momentum > 0;
  }

  @Override
  public RmsProp withWeightDecay(double decay) {
    return new RmsProp(alpha, epsilon, momentum, centered, decay);
  }
}
