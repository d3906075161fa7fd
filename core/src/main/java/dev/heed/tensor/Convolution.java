package dev.heed.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;
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
    return Native.call(
        "conv1d",
        () -> {
          try (var optional = Native.optional(bias)) {
            return torch.conv1d(
                x.handle(),
                weight.handle(),
                optional,
                new long[] {geometry.stride()},
                new long[] {geometry.padding()},
                new long[] {geometry.dilation()},
                geometry.groups());
          }
        },
        x,
        weight);
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
    return Native.call(
        "conv2d",
        () -> {
          try (var optional = Native.optional(bias)) {
            return torch.conv2d(
                x.handle(),
                weight.handle(),
                optional,
                new long[] {geometry.stride(), geometry.stride()},
                new long[] {geometry.padding(), geometry.padding()},
                new long[] {geometry.dilation(), geometry.dilation()},
                geometry.groups());
          }
        },
        x,
        weight);
  }

  /** The largest element of each window of {@code [B, C, H, W]}. */
  public static Tensor maxPool2d(Tensor x, long kernel, long stride, long padding) {
    return Native.call(
        "maxPool2d",
        () ->
            torch.max_pool2d(
                x.handle(),
                new long[] {kernel, kernel},
                new long[] {stride, stride},
                new long[] {padding, padding},
                new long[] {1, 1},
                false),
        x);
  }

  /** The mean of each window of {@code [B, C, H, W]}; padding does not count. */
  public static Tensor avgPool2d(Tensor x, long kernel, long stride, long padding) {
    return Native.call(
        "avgPool2d",
        () ->
            torch.avg_pool2d(
                x.handle(),
                new long[] {kernel, kernel},
                new long[] {stride, stride},
                new long[] {padding, padding},
                false,
                false,
                new LongOptional()),
        x);
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
    return Native.call(
        "batchNorm",
        () -> {
          try (var scale = Native.optional(gain);
              var shift = Native.optional(bias);
              var runningMean = Native.optional(mean);
              var runningVariance = Native.optional(variance)) {
            return torch.batch_norm(
                x.handle(),
                scale,
                shift,
                runningMean,
                runningVariance,
                training,
                momentum,
                epsilon,
                false);
          }
        },
        x);
  }
}
