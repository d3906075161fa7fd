package dev.heed.nn;

import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A convolution over time; see {@link Convolution#conv1d}. */
public final class Conv1d extends Module {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final Geometry geometry;

  /** With parameters {@code weight [out, in / groups, kernel]} and {@code bias [out]}. */
  public Conv1d(
      Weights weights, long in, long out, long kernel, Geometry geometry, boolean withBias) {
    super(weights);
    long inGroup = in / geometry.groups();
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(inGroup * Math.pow(kernel, 1)));
    this.weight = weights.parameter("weight", uniform, out, inGroup, kernel);
    this.bias = withBias ? weights.parameter("bias", uniform, out) : null;
    this.geometry = geometry;
  }

  /** Applies the convolution. */
  public Tensor apply(Tensor x) {
    return Convolution.conv1d(x, weight, bias, geometry);
  }
}
