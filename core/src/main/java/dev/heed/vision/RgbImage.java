package dev.heed.vision;

/**
 * An image of red, green and blue bytes.
 *
 * @param height rows
 * @param width columns
 * @param pixels {@code [height, width, 3]}, rows from the top; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are looked at in place; no image is a map's key
public record RgbImage(int height, int width, byte[] pixels) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if a size is not positive or the bytes are not height × width
   *     × 3
   */
  public RgbImage {
    if (height < 1 || width < 1 || pixels.length != 3L * height * width) {
      throw new IllegalArgumentException(
          "an image: expected positive sizes and height × width × 3 bytes, got "
              + height
              + " × "
              + width
              + " and "
              + pixels.length);
    }
  }

  /** A black image. */
  public static RgbImage black(int height, int width) {
    return new RgbImage(height, width, new byte[Math.multiplyExact(3, height * width)]);
  }

  /** The value from 0 to 255 of a channel: 0 is red, 1 green, 2 blue. */
  public int at(int row, int column, int channel) {
    return pixels[3 * (row * width + column) + channel] & 0xff;
  }

  /**
   * In another size, as Pillow does it.
   *
   * @param rows at least 1
   * @param columns at least 1
   * @return this image if it has that size
   */
  public RgbImage resized(int rows, int columns, Resampling filter) {
    return Resizer.resize(this, rows, columns, filter);
  }

  /**
   * Copies a rectangle of another image into this one; what lies outside either is left out.
   *
   * @param top where the other's first row goes, may be negative
   * @param left where its first column goes, may be negative
   */
  RgbImage with(RgbImage other, int top, int left) {
    int from = Math.max(0, left);
    int to = Math.min(width, left + other.width);
    for (int row = Math.max(0, top); row < Math.min(height, top + other.height); row++) {
      if (to > from) {
        System.arraycopy(
            other.pixels,
            3 * ((row - top) * other.width + from - left),
            pixels,
            3 * (row * width + from),
            3 * (to - from));
      }
    }
    return this;
  }
}
