package dev.heed.vision;

/** The middle of an image; black where the image is too small. */
final class CenterCrop {
  private CenterCrop() {}

  static RgbImage crop(RgbImage image, int height, int width) {
    return RgbImage.black(height, width)
        .with(image, -offset(image.height(), height), -offset(image.width(), width));
  }

  /**
   * Where the middle begins, as the reference counts it: an odd rest is cut at the end, and an odd
   * border stands at the beginning.
   */
  private static int offset(int size, int wanted) {
    return Math.floorDiv(size - wanted, 2);
  }
}
