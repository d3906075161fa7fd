package dev.heed.nn;

import dev.heed.tensor.Convolution;
import dev.heed.tensor.Convolution.Geometry;
import dev.heed.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A convolution over an image; see {@link Convolution#conv2d}. */
public final class Conv2d extends Module {
  private final Tensor weight;
  private final @Nullable Tensor bias;
  private final Geometry geometry;

  /** With parameters {@code weight [out, in / groups, kernel, kernel]} and {@code bias [out]}. */
  public Conv2d(
      Weights weights, long in, long out, long kernel, Geometry geometry, boolean withBias) {
    super(weights);
    long inGroup = in / geometry.groups();
    Initializer uniform = Initializer.uniform(1 / Math.sqrt(inGroup * Math.pow(kernel, 2)));
    this.weight = weights.parameter("weight", uniform, out, inGroup, kernel, kernel);
    this.bias = withBias ? weights.parameter("bias", uniform, out) : null;
    this.geometry = geometry;
  }

  /** Applies the convolution. */
  public Tensor apply(Tensor x) {
    return Convolution.conv2d(x, weight, bias, geometry);
  }
}
