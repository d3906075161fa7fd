package dev.heed.nn;

import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** An affine map of the last dimension: {@code y = x · Wᵀ + b}. */
public final class Linear extends Module {
  private final Tensor weight;
  private final @Nullable Tensor bias;

  private Linear(Weights weights, Tensor weight, @Nullable Tensor bias) {
    super(weights);
    this.weight = weight;
    this.bias = bias;
  }

  /** A map with parameters {@code weight [out, in]} and {@code bias [out]}. */
  public static Linear of(Weights weights, long in, long out) {
    return of(weights, in, out, true);
  }

  /** A map with or without a bias; starts uniform in {@code ±1/√in} as PyTorch's does. */
  public static Linear of(Weights weights, long in, long out, boolean withBias) {
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(in));
    return new Linear(
        weights,
        weights.parameter("weight", uniform, out, in),
        withBias ? weights.parameter("bias", uniform, out) : null);
  }

  /** A map that shares another module's table as its weight (tied embeddings). */
  public static Linear tied(Weights weights, Tensor weight, @Nullable Tensor bias) {
    return new Linear(weights, weight, bias);
  }

  /** Maps {@code [..., in]} to {@code [..., out]}. */
  public Tensor apply(Tensor x) {
    return x.linear(weight, bias);
  }

  /** {@code [out, in]}. */
  public Tensor weight() {
    return weight;
  }

  /** {@code [out]}, or null. */
  public @Nullable Tensor bias() {
    return bias;
  }
}
