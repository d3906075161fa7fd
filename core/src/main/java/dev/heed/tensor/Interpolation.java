package dev.heed.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Resizing of grids, as PyTorch's {@code interpolate} does it; gradients flow.
 *
 * <p>With {@code alignCorners} the outermost points of both grids coincide, without it the outer
 * edges of their cells.
 */
public final class Interpolation {
  private Interpolation() {}

  /**
   * By cubic convolution with {@code a = -0.75} (Keys 1981).
   *
   * @param x {@code [B, C, H, W]}
   * @return {@code [B, C, height, width]}
   */
  public static Tensor bicubic(Tensor x, long height, long width, boolean alignCorners) {
    return Native.call(
        "upsample_bicubic2d",
        () -> torch.upsample_bicubic2d(x.handle(), new long[] {height, width}, alignCorners),
        x);
  }

  /**
   * By cubic convolution, reading points that are {@code 1 / scale} apart, whatever the sizes say.
   *
   * @param x {@code [B, C, H, W]}
   * @param scaleHeight rows per row of {@code x}
   * @param scaleWidth columns per column of {@code x}
   * @return {@code [B, C, ⌊H · scaleHeight⌋, ⌊W · scaleWidth⌋]}
   */
  public static Tensor bicubicByScale(Tensor x, double scaleHeight, double scaleWidth) {
    long height = (long) Math.floor(x.size(2) * scaleHeight);
    long width = (long) Math.floor(x.size(3) * scaleWidth);
    return Native.call(
        "upsample_bicubic2d",
        () -> {
          try (DoubleOptional rows = new DoubleOptional(scaleHeight);
              DoubleOptional columns = new DoubleOptional(scaleWidth)) {
            return torch.upsample_bicubic2d(
                x.handle(), new long[] {height, width}, false, rows, columns);
          }
        },
        x);
  }

  /**
   * Between the four nearest points.
   *
   * @param x {@code [B, C, H, W]}
   * @return {@code [B, C, height, width]}
   */
  public static Tensor bilinear(Tensor x, long height, long width, boolean alignCorners) {
    return Native.call(
        "upsample_bilinear2d",
        () -> torch.upsample_bilinear2d(x.handle(), new long[] {height, width}, alignCorners),
        x);
  }
}
