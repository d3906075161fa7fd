package dev.heed.nn;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.jspecify.annotations.Nullable;

/** {@code y = (x - mean) / √(var + ε) · g + b} over the last dimension (Ba et al. 2016). */
public final class LayerNorm extends Module implements Norm {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final double epsilon;
  private final double offset;

  private LayerNorm(
      Weights weights, Tensor weight, @Nullable Tensor bias, double epsilon, double offset) {
    super(weights);
    this.weight = weight;
    this.bias = bias;
    this.epsilon = epsilon;
    this.offset = offset;
  }

  /** With parameters {@code weight [size]} and {@code bias [size]}. */
  public LayerNorm(Weights weights, long size, double epsilon) {
    this(weights, size, epsilon, true);
  }

  /** With or without a bias. */
  public LayerNorm(Weights weights, long size, double epsilon, boolean withBias) {
    this(
        weights,
        weights.parameter("weight", Initializer.ONES, size),
        withBias ? weights.parameter("bias", Initializer.ZEROS, size) : null,
        epsilon,
        0);
  }

  /**
   * With parameters {@code weight [size]}, to which 1 is added, and {@code bias [size]}: {@code g =
   * 1 + weight} (Nemotron).
   */
  public static LayerNorm aroundOne(Weights weights, long size, double epsilon) {
    return new LayerNorm(
        weights,
        weights.parameter("weight", Initializer.ZEROS, size),
        weights.parameter("bias", Initializer.ZEROS, size),
        epsilon,
        1);
  }

  /** Without parameters: {@code g = 1}, {@code b = 0} (OLMo). */
  public static Norm plain(double epsilon) {
    return x -> x.layerNorm(null, null, epsilon);
  }

  /** Normalises {@code [..., size]}. */
  @Override
  public Tensor apply(Tensor x) {
    return offset == 0
        ? x.layerNorm(weight, bias, epsilon)
        : TensorScope.run(() -> x.layerNorm(weight.add(offset), bias, epsilon));
  }
}
