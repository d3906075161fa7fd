package dev.heed.vision;

/**
 * Changes an image's size as Pillow does: first along rows, then along columns, each with weights
 * of 22 fractional bits and a result of 8 bits. The filter widens when the image shrinks.
 *
 * <p>Source: Pillow, {@code Resample.c} ({@code precompute_coeffs}, {@code normalize_coeffs_8bpc})
 * and {@code Geometry.c} ({@code ImagingScaleAffine}) for the nearest pixel.
 */
final class Resizer {
  private static final int FRACTION = 22;

  private Resizer() {}

  /**
   * Resizes an image.
   *
   * @param height rows of the result, at least 1
   * @param width columns of the result, at least 1
   * @return the image itself if it has that size
   */
  static RgbImage resize(RgbImage image, int height, int width, Resampling filter) {
    if (image.height() == height && image.width() == width) {
      return image;
    }
    if (filter == Resampling.NEAREST) {
      return nearest(image, height, width);
    }
    RgbImage wide = width == image.width() ? image : alongRows(image, width, filter);
    return height == wide.height() ? wide : alongColumns(wide, height, filter);
  }

  private static RgbImage nearest(RgbImage image, int height, int width) {
    int[] rows = middles(image.height(), height);
    int[] columns = middles(image.width(), width);
    RgbImage resized = RgbImage.black(height, width);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int from = 3 * (rows[y] * image.width() + columns[x]);
        System.arraycopy(image.pixels(), from, resized.pixels(), 3 * (y * width + x), 3);
      }
    }
    return resized;
  }

  /** Steps of a double, added up as Pillow adds them. */
  private static int[] middles(int in, int out) {
    double step = (double) in / out;
    double at = step * 0.5;
    int[] middles = new int[out];
    for (int i = 0; i < out; i++) {
      middles[i] = Math.clamp((int) at, 0, in - 1);
      at += step;
    }
    return middles;
  }

  private static RgbImage alongRows(RgbImage image, int width, Resampling filter) {
    Taps taps = Taps.of(image.width(), width, filter);
    int[][] weights = taps.fixed(FRACTION);
    RgbImage resized = RgbImage.black(image.height(), width);
    byte[] in = image.pixels();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        int from = 3 * (y * image.width() + taps.first()[x]);
        weigh(in, from, 3, weights[x], resized.pixels(), 3 * (y * width + x));
      }
    }
    return resized;
  }

  private static RgbImage alongColumns(RgbImage image, int height, Resampling filter) {
    Taps taps = Taps.of(image.height(), height, filter);
    int[][] weights = taps.fixed(FRACTION);
    int row = 3 * image.width();
    RgbImage resized = RgbImage.black(height, image.width());
    for (int y = 0; y < height; y++) {
      int top = taps.first()[y] * row;
      for (int x = 0; x < row; x += 3) {
        weigh(image.pixels(), top + x, row, weights[y], resized.pixels(), y * row + x);
      }
    }
    return resized;
  }

  /** One pixel: three weighted sums. */
  private static void weigh(byte[] in, int from, int step, int[] weights, byte[] out, int to) {
    int red = 1 << FRACTION - 1;
    int green = red;
    int blue = red;
    int at = from;
    for (int weight : weights) {
      red += (in[at] & 0xff) * weight;
      green += (in[at + 1] & 0xff) * weight;
      blue += (in[at + 2] & 0xff) * weight;
      at += step;
    }
    out[to] = clipped(red);
    out[to + 1] = clipped(green);
    out[to + 2] = clipped(blue);
  }

  private static byte clipped(int sum) {
    return (byte) Math.clamp(sum >> FRACTION, 0, 255);
  }
}
