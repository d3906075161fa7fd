package dev.heed.nn;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;

/** {@code y = x / √(mean(x²) + ε) · g} over the last dimension (Zhang and Sennrich 2019). */
public final class RmsNorm extends Module {
  private final Tensor weight;
  private final double epsilon;

  /** With a parameter {@code weight [size]}. */
  public RmsNorm(Weights weights, long size, double epsilon) {
    super(weights);
    this.weight = weights.parameter("weight", Initializer.ONES, size);
    this.epsilon = epsilon;
  }

  /** Normalises {@code [..., size]}. */
  public Tensor apply(Tensor x) {
    return TensorScope.run(() -> x.mul(x.square().mean(-1, true).add(epsilon).rsqrt()).mul(weight));
  }
}
