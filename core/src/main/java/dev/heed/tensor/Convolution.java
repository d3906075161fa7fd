package dev.heed.tensor;

import org.jspecify.annotations.Nullable;

/** Convolutions, pooling and resizing over the last one or two dimensions. */
public final class Convolution {
  /**
   * How a kernel moves.
   *
   * @param stride distance between outputs, from 1
   * @param padding zeros added at both ends
   * @param dilation distance between the kernel's taps, from 1
   * @param groups channels are split into so many independent convolutions
   */
  public record Geometry(long stride, long padding, long dilation, long groups) {
    /** Stride 1, no padding, no dilation, one group. */
    public static final Geometry PLAIN = new Geometry(1, 0, 1, 1);
  }

  private Convolution() {}

  /**
   * Cross-correlation along time.
   *
   * @param x {@code [B, in, T]}
   * @param weight {@code [out, in / groups, kernel]}
   * @param bias {@code [out]} or null
   * @return {@code [B, out, T']}
   */
  public static Tensor conv1d(Tensor x, Tensor weight, @Nullable Tensor bias, Geometry geometry) {
    return x.engine().conv1d(x, weight, bias, geometry);
  }

  /**
   * Cross-correlation over an image.
   *
   * @param x {@code [B, in, H, W]}
   * @param weight {@code [out, in / groups, kernel, kernel]}
   * @param bias {@code [out]} or null
   * @return {@code [B, out, H', W']}
   */
  public static Tensor conv2d(Tensor x, Tensor weight, @Nullable Tensor bias, Geometry geometry) {
    return x.engine().conv2d(x, weight, bias, geometry);
  }

  /** The largest element of each window of {@code [B, C, H, W]}. */
  public static Tensor maxPool2d(Tensor x, long kernel, long stride, long padding) {
    return x.engine().maxPool2d(x, kernel, stride, padding);
  }

  /** The mean of each window of {@code [B, C, H, W]}; padding does not count. */
  public static Tensor avgPool2d(Tensor x, long kernel, long stride, long padding) {
    return x.engine().avgPool2d(x, kernel, stride, padding);
  }

  /**
   * Batch normalisation over all dimensions but the second.
   *
   * @param x {@code [B, C, …]}
   * @param mean running mean {@code [C]}, updated in place when training
   * @param variance running variance {@code [C]}, updated in place when training
   * @param training whether to use the batch's own statistics
   * @param momentum weight of the batch in the running statistics
   */
  public static Tensor batchNorm(
      Tensor x,
      @Nullable Tensor gain,
      @Nullable Tensor bias,
      @Nullable Tensor mean,
      @Nullable Tensor variance,
      boolean training,
      double momentum,
      double epsilon) {
    return x.engine().batchNorm(x, gain, bias, mean, variance, training, momentum, epsilon);
  }
}
