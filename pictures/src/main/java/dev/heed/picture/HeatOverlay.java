package dev.heed.picture;

import dev.heed.attention.position.Grid;
import dev.heed.explain.Evidence.Overlaid;
import dev.heed.explain.Palette;
import dev.heed.vision.RgbImage;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** An image in colour, or in grey under the weights of its places. */
final class HeatOverlay {
  private static final Color FRAME = new Color(0xE6, 0x9F, 0x00);

  private HeatOverlay() {}

  /** The image as it is. */
  static BufferedImage plain(RgbImage image) {
    BufferedImage drawn =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        drawn.setRGB(
            column,
            row,
            image.at(row, column, 0) << 16
                | image.at(row, column, 1) << 8
                | image.at(row, column, 2));
      }
    }
    return drawn;
  }

  /**
   * The image in grey, each place coloured by its share of the largest weight.
   *
   * @param weights of the grid's places, row by row
   * @param largest of them
   */
  static BufferedImage heat(RgbImage image, Grid grid, float[] weights, float largest) {
    BufferedImage drawn =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < image.height(); row++) {
      for (int column = 0; column < image.width(); column++) {
        int place =
            row * grid.height() / image.height() * grid.width()
                + column * grid.width() / image.width();
        float share = largest == 0 ? 0 : weights[place] / largest;
        drawn.setRGB(column, row, blend(grey(image, row, column), share));
      }
    }
    return drawn;
  }

  /** A part of what a task shows. */
  static BufferedImage heat(Overlaid seen) {
    return heat(seen.image(), seen.places(), seen.weights(), seen.largest());
  }

  private static int grey(RgbImage image, int row, int column) {
    // Rec. 601's weights of brightness.
    return Math.round(
        0.299f * image.at(row, column, 0)
            + 0.587f * image.at(row, column, 1)
            + 0.114f * image.at(row, column, 2));
  }

  private static int blend(int grey, float share) {
    int colour = Palette.rgb(share);
    double part = 0.35 + 0.5 * Math.sqrt(share);
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int channel = colour >> shift & 0xff;
      mixed = mixed << 8 | (int) Math.round(part * channel + (1 - part) * grey);
    }
    return mixed;
  }

  /** Draws an image at a width, as high as it then is; gives that height. */
  static int draw(Graphics2D graphics, BufferedImage image, int left, int top, int width) {
    int height = Math.max(1, Math.round((float) width * image.getHeight() / image.getWidth()));
    graphics.drawImage(image, left, top, width, height, null);
    return height;
  }

  /** Frames a place of a grid over an image drawn at a width and a height. */
  static void frame(
      Graphics2D graphics, Grid grid, int place, int left, int top, int width, int height) {
    int row = place / grid.width();
    int column = place % grid.width();
    int x = left + column * width / grid.width();
    int y = top + row * height / grid.height();
    graphics.setColor(FRAME);
    graphics.setStroke(new BasicStroke(3));
    graphics.drawRect(
        x,
        y,
        left + (column + 1) * width / grid.width() - x,
        top + (row + 1) * height / grid.height() - y);
  }
}
