package dev.heed.vision;

/**
 * Turns, scales, mirrors and moves an image about its middle; the size stays, and beyond the edges
 * stands the nearest pixel. Values between pixels are bilinear.
 *
 * <p>A pixel at {@code p} from the middle shows what was at {@code R(-degrees) (p - shift) / scale}
 * from it, with the sign of its column changed where mirrored.
 *
 * @param degrees clockwise
 * @param scale positive; above 1 it grows
 * @param right pixels
 * @param down pixels
 * @param mirrored whether left and right change places
 */
public record AffineChange(
    double degrees, double scale, double right, double down, boolean mirrored) {
  /** Checks that the image does not vanish. */
  public AffineChange {
    if (!(scale > 0) || !Double.isFinite(scale + degrees + right + down)) {
      throw new IllegalArgumentException(
          "an image's change: expected finite numbers and a scale above 0, got "
              + degrees
              + ", "
              + scale
              + ", "
              + right
              + ", "
              + down);
    }
  }

  /** Returns the image changed; the given one stays as it is. */
  public RgbImage apply(RgbImage image) {
    RgbImage changed = RgbImage.black(image.height(), image.width());
    double cos = Math.cos(Math.toRadians(degrees)) / scale;
    double sin = Math.sin(Math.toRadians(degrees)) / scale;
    double middleRow = (image.height() - 1) / 2.0;
    double middleColumn = (image.width() - 1) / 2.0;
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        double x = column - middleColumn - right;
        double y = row - middleRow - down;
        double fromColumn = cos * x + sin * y;
        put(
            changed,
            3 * (row * image.width() + column),
            image,
            middleRow + cos * y - sin * x,
            middleColumn + (mirrored ? -fromColumn : fromColumn));
      }
    }
    return changed;
  }

  private static void put(RgbImage to, int at, RgbImage from, double row, double column) {
    double y = Math.clamp(row, 0, from.height() - 1);
    double x = Math.clamp(column, 0, from.width() - 1);
    int top = (int) y;
    int left = (int) x;
    int bottom = Math.min(top + 1, from.height() - 1);
    int right = Math.min(left + 1, from.width() - 1);
    for (int channel = 0; channel < 3; channel++) {
      double above = mix(from.at(top, left, channel), from.at(top, right, channel), x - left);
      double below = mix(from.at(bottom, left, channel), from.at(bottom, right, channel), x - left);
      to.pixels()[at + channel] = (byte) Math.round(mix(above, below, y - top));
    }
  }

  private static double mix(double one, double other, double share) {
    return one + (other - one) * share;
  }
}
