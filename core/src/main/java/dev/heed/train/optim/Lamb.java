package dev.heed.train.optim;

import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.util.List;

/**
 * LAMB (You et al. 2020, algorithm 2): {@code r = m̂ / (√v̂ + ε) + λp}, {@code p ← p - η · φ(‖p‖) /
 * ‖r‖ · r}, the norms being the tensor's; the ratio is 1 where either is 0.
 *
 * @param moments β₁, β₂ and ε
 * @param weightDecay λ
 * @param correctBias whether m and v are corrected, as in the paper's first versions; the third
 *     leaves them
 * @param largestNorm φ(z) = min(z, this); infinite for φ(z) = z
 */
public record Lamb(Moments moments, double weightDecay, boolean correctBias, double largestNorm)
    implements TensorRule {
  /** Checks the ranges. */
  public Lamb {
    UpdateRule.requireFinite("weight_decay", weightDecay);
    if (!(largestNorm > 0)) {
      throw new IllegalArgumentException(
          "largest norm: expected a number above 0, got " + largestNorm);
    }
  }

  @Override
  public List<Slot> slots(Shape parameter) {
    return Moments.SLOTS.stream().map(name -> new Slot(name, parameter)).toList();
  }

  @Override
  public void apply(Tensor parameter, Tensor gradient, Slots slots, Step step) {
    double first = step.momentumOr(moments.beta1());
    double second = moments.beta2();
    Tensor m = slots.get("exp_avg").mulInPlace(first).addInPlace(gradient, 1 - first);
    Tensor v = slots.get("exp_avg_sq").mulInPlace(second).addInPlace(gradient.square(), 1 - second);
    Tensor mean = correctBias ? m.div(step.correction(first)) : m;
    Tensor square = correctBias ? v.div(step.correction(second)) : v;
    Tensor update = mean.div(square.sqrt().add(moments.epsilon())).add(parameter.mul(weightDecay));
    double weights = Math.min(norm(parameter), largestNorm);
    double change = norm(update);
    double trust = weights == 0 || change == 0 ? 1 : weights / change;
    parameter.addInPlace(update, -step.rate() * trust);
  }

  static double norm(Tensor tensor) {
    return Math.sqrt(tensor.square().sum().item());
  }

  @Override
  public Lamb withWeightDecay(double decay) {
    return new Lamb(moments, decay, correctBias, largestNorm);
  }
}
