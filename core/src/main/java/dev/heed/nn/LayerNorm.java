package dev.heed.nn;

import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@code y = (x - mean) / √(var + ε) · g + b} over the last dimension (Ba et al. 2016). */
public final class LayerNorm extends Module implements Norm {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final double epsilon;

  /** With parameters {@code weight [size]} and {@code bias [size]}. */
  public LayerNorm(Weights weights, long size, double epsilon) {
    this(weights, size, epsilon, true);
  }

  /** With or without a bias. */
  public LayerNorm(Weights weights, long size, double epsilon, boolean withBias) {
    super(weights);
    this.weight = weights.parameter("weight", Initializer.ONES, size);
    this.bias = withBias ? weights.parameter("bias", Initializer.ZEROS, size) : null;
    this.epsilon = epsilon;
  }

  /** Normalises {@code [..., size]}. */
  @Override
  public Tensor apply(Tensor x) {
    return x.layerNorm(weight, bias, epsilon);
  }
}
