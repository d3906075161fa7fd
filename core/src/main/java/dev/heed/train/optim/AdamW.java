package dev.heed.train.optim;

import dev.heed.tensor.kernel.AdamStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2, as PyTorch arranges
 * it): {@code p ← (1 - ηλ)p}, then Adam's step.
 *
 * @param moments β₁, β₂ and ε
 * @param weightDecay λ
 * @param amsgrad as for {@link Adam}
 */
public record AdamW(Moments moments, double weightDecay, boolean amsgrad)
    implements ElementwiseRule {
  /** Checks the range. */
  public AdamW {
    UpdateRule.requireFinite("weight_decay", weightDecay);
  }

  /** With the usual means. */
  public AdamW(double weightDecay) {
    this(Moments.USUAL, weightDecay, false);
  }

  @Override
  public List<String> slots() {
    return amsgrad ? Moments.SLOTS_WITH_MAXIMUM : Moments.SLOTS;
  }

  @Override
  public BlockUpdate at(Step step) {
    double first = step.momentumOr(moments.beta1());
    return block -> {
      Moments.shrink(block, 1 - step.rate() * weightDecay);
      moments.advance(block, first);
      double[] v = amsgrad ? Moments.advanceMaximum(block) : block.slot(1);
      moments.descend(block, v, step, first);
    };
  }

  @Override
  public @Nullable AdamStep fused(Step step, Clipping clipping) {
    return amsgrad ? null : moments.fused(step, clipping, 0, 1 - step.rate() * weightDecay);
  }

  @Override
  public AdamW withWeightDecay(double decay) {
    return new AdamW(moments, decay, amsgrad);
  }
}
