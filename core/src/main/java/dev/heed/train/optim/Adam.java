package dev.heed.train.optim;

import dev.heed.tensor.kernel.AdamStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adam (Kingma and Ba 2015, algorithm 1): {@code p ← p - η · m̂ / (√v̂ + ε)}.
 *
 * @param moments β₁, β₂ and ε
 * @param weightDecay λ, added to the gradient as {@code λp}; {@link AdamW} decays apart from it
 * @param amsgrad whether the denominator is the largest v so far, before correction (Reddi et al.
 *     2018, algorithm 2)
 */
public record Adam(Moments moments, double weightDecay, boolean amsgrad)
    implements ElementwiseRule {
  /** Checks the range. */
  public Adam {
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  /** With the usual means and no decay. */
  public Adam() {
    this(Moments.USUAL, 0, false);
  }

  @Override
  public List<String> slots() {
    return amsgrad ? Moments.SLOTS_WITH_MAXIMUM : Moments.SLOTS;
  }

  @Override
  public BlockUpdate at(Step step) {
    double first = step.momentumOr(moments.beta1());
    return block -> {
      Moments.addDecay(block, weightDecay);
      moments.advance(block, first);
      double[] v = amsgrad ? Moments.advanceMaximum(block) : block.slot(1);
      moments.descend(block, v, step, first);
    };
  }

  @Override
  public @Nullable AdamStep fused(Step step, Clipping clipping) {
    return amsgrad ? null : moments.fused(step, clipping, weightDecay, 1);
  }

  @Override
  public Adam withWeightDecay(double decay) {
    return new Adam(moments, decay, amsgrad);
  }
}
