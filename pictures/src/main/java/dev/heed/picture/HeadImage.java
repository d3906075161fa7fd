package dev.heed.picture;

import dev.heed.explain.Palette;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A map of weights as an image of one pixel a cell. */
public final class HeadImage {
  private HeadImage() {}

  /** Queries from top to bottom, keys from left to right. */
  static BufferedImage of(float[][] cells) {
    int keys = cells[0].length;
    BufferedImage image = new BufferedImage(keys, cells.length, BufferedImage.TYPE_INT_RGB);
    for (int query = 0; query < cells.length; query++) {
      for (int key = 0; key < keys; key++) {
        image.setRGB(key, query, Palette.rgb(cells[query][key]));
      }
    }
    return image;
  }

  /** An image in the PNG format. */
  public static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      // The image is in memory already: no cache on the disk.
      ImageIO.setUseCache(false);
      if (!ImageIO.write(image, "png", bytes)) {
        throw new IllegalStateException("this Java has no writer for PNG images");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
