package dev.heed.picture;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * Draws what is laid out from top to bottom as a PNG image: once to know how high it gets, then at
 * twice the size of a screen's pixels. Needs no display, but a font.
 */
final class TwoPassPicture {
  /** Pixels of the image for one of the layout. */
  static final int SCALE = 2;

  private static final int LARGEST_SIDE = 10_000;

  /** What is drawn. */
  @FunctionalInterface
  interface Layout {
    /**
     * Draws everything.
     *
     * @return the height that it took
     */
    int draw(Graphics2D graphics, PictureFonts fonts);
  }

  private TwoPassPicture() {}

  /**
   * Draws a picture of a width.
   *
   * @return a PNG file's bytes
   * @throws IllegalArgumentException if it gets too high
   * @throws IllegalStateException if this machine has no font
   */
  static byte[] png(int width, Layout layout) {
    System.setProperty("java.awt.headless", "true");
    try {
      PictureFonts fonts = new PictureFonts();
      // What no font has is known after the first drawing, so that the second has room to say it.
      onto(image(1, 1), fonts, layout);
      int height = onto(image(1, 1), fonts, layout);
      if (height > LARGEST_SIDE) {
        throw new IllegalArgumentException(
            "picture: expected at most "
                + LARGEST_SIDE
                + " rows of pixels, got "
                + height
                + "; read a shorter text");
      }
      BufferedImage image = image(width, height);
      onto(image, fonts, layout);
      return HeadImage.png(image);
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new IllegalStateException(
          "the picture needs a font, and Java found none: install fontconfig and a font"
              + " (Debian: fontconfig fonts-dejavu-core), or use --html",
          e);
    }
  }

  private static BufferedImage image(int width, int height) {
    return new BufferedImage(SCALE * width, SCALE * height, BufferedImage.TYPE_INT_RGB);
  }

  private static int onto(BufferedImage image, PictureFonts fonts, Layout layout) {
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
      graphics.scale(SCALE, SCALE);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      return layout.draw(graphics, fonts);
    } finally {
      graphics.dispose();
    }
  }
}
