package dev.heed.tensor;

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
    return x.engine().bicubic(x, height, width, alignCorners);
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
    return x.engine().bicubicByScale(x, scaleHeight, scaleWidth);
  }

  /**
   * Between the four nearest points.
   *
   * @param x {@code [B, C, H, W]}
   * @return {@code [B, C, height, width]}
   */
  public static Tensor bilinear(Tensor x, long height, long width, boolean alignCorners) {
    return x.engine().bilinear(x, height, width, alignCorners);
  }

  /**
   * By cubic convolution with {@code a = -0.5}, over an area as wide as a step where the grid
   * shrinks, so that nothing is left out (PyTorch's {@code antialias}).
   *
   * @param x {@code [B, C, H, W]}
   * @return {@code [B, C, height, width]}
   */
  public static Tensor bicubicAntialiased(Tensor x, long height, long width) {
    return TensorScope.run(() -> {
      Tensor rows = weights(x.size(2), height).to(x.dtype());
      Tensor columns = weights(x.size(3), width).to(x.dtype());
      return rows.matmul(x).matmul(columns.transpose(0, 1));
    });
  }

  /** What each of {@code to} points takes of {@code from}: {@code [to, from]}. */
  private static Tensor weights(long from, long to) {
    double step = (double) from / to;
    double width = Math.max(1, step);
    double support = 2 * width;
    double[] weights = new double[Math.toIntExact(Math.multiplyExact(from, to))];
    for (int i = 0; i < to; i++) {
      double center = step * (i + 0.5);
      int first = Math.max(0, (int) (center - support + 0.5));
      int end = (int) Math.min(from, (long) (center + support + 0.5));
      double sum = 0;
      for (int j = first; j < end; j++) {
        double weight = cubic((j - center + 0.5) / width);
        weights[Math.toIntExact(i * from + j)] = weight;
        sum += weight;
      }
      for (int j = first; j < end; j++) {
        weights[Math.toIntExact(i * from + j)] /= sum;
      }
    }
    return Tensor.of(weights, to, from);
  }

  private static double cubic(double x) {
    double away = Math.abs(x);
    if (away < 1) {
      return (1.5 * away - 2.5) * away * away + 1;
    }
    return away < 2 ? ((-0.5 * away + 2.5) * away - 4) * away + 2 : 0;
  }
}
