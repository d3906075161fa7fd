package dev.heed.nn;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/**
 * A learned activation, quadratic above zero and exponential below (Huang and Schlag 2025, xIELU):
 * {@code α₊x² + βx} for {@code x > 0}, else {@code α₋(e^min(x, ε) - 1 - x) + βx}, with {@code α₊ =
 * softplus(alpha_p)}, {@code α₋ = β + softplus(alpha_n)}.
 */
public final class Xielu extends Module {
  private static final double BETA = 0.5;
  private static final double EPSILON = -1e-6;
  private static final double ALPHA = 0.8;

  private final Tensor above;
  private final Tensor below;
  private final Tensor beta;
  private final Tensor epsilon;

  /**
   * With parameters {@code alpha_p [1]}, {@code alpha_n [1]} and constants {@code beta}, {@code
   * eps}.
   */
  public Xielu(Weights weights) {
    super(weights);
    this.above = weights.parameter("alpha_p", start(ALPHA), 1);
    this.below = weights.parameter("alpha_n", start(ALPHA - BETA), 1);
    this.beta = weights.buffer("beta", Initializer.constant(BETA));
    this.epsilon = weights.buffer("eps", Initializer.constant(EPSILON));
  }

  /** What softplus turns into a value. */
  private static Initializer start(double value) {
    return Initializer.constant(Math.log(Math.expm1(value)));
  }

  /** Applies the function to each element. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> {
      Tensor linear = x.mul(beta);
      Tensor positive = x.square().mul(above.softplus()).add(linear);
      Tensor negative =
          x.minimum(epsilon).expm1().sub(x).mul(below.softplus().add(beta)).add(linear);
      return Tensor.where(x.gt(0), positive, negative);
    });
  }
}
