package dev.heed.vision.awt;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.Quoted;
import dev.heed.vision.ImageDecoder;
import dev.heed.vision.ImageHeader;
import dev.heed.vision.RgbImage;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes with {@code javax.imageio}.
 *
 * <p>Samples are taken as they are stored: the JDK's conversion between colour spaces would change
 * grey levels.
 */
public final class ImageIoDecoder implements ImageDecoder {
  @Override
  public RgbImage decode(ImageHeader header, byte[] bytes) {
    try {
      return pixels(read(header, bytes));
    } catch (IOException | RuntimeException e) {
      throw new CheckpointException(
          Kind.MALFORMED,
          header.where(),
          "a sound " + header.format() + " file",
          Quoted.of(String.valueOf(e.getMessage())),
          "The file is damaged, or of a rare kind; save it anew.",
          e);
    }
  }

  private static BufferedImage read(ImageHeader header, byte[] bytes) throws IOException {
    Iterator<ImageReader> readers =
        ImageIO.getImageReadersByFormatName(header.format().name().toLowerCase(Locale.ROOT));
    if (!readers.hasNext()) {
      throw new IOException("this JDK has no reader for " + header.format());
    }
    ImageReader reader = readers.next();
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      return reader.read(0);
    } finally {
      reader.dispose();
    }
  }

  private static RgbImage pixels(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(height, width))];
    Raster raster = image.getRaster();
    if (image.getColorModel() instanceof IndexColorModel palette) {
      byPalette(raster, palette, rgb);
    } else {
      bySamples(raster, rgb);
    }
    return new RgbImage(height, width, rgb);
  }

  private static void byPalette(Raster raster, IndexColorModel palette, byte[] rgb) {
    int[] row = new int[raster.getWidth()];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, row.length, 1, 0, row);
      for (int index : row) {
        int colour = palette.getRGB(index);
        rgb[at++] = (byte) (colour >> 16);
        rgb[at++] = (byte) (colour >> 8);
        rgb[at++] = (byte) colour;
      }
    }
  }

  private static void bySamples(Raster raster, byte[] rgb) {
    boolean grey = raster.getNumBands() < 3;
    int shift = raster.getSampleModel().getSampleSize(0) - 8;
    int[] row = new int[raster.getWidth()];
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int channel = 0; channel < 3; channel++) {
        raster.getSamples(0, y, row.length, 1, grey ? 0 : channel, row);
        int at = 3 * y * row.length + channel;
        for (int sample : row) {
          rgb[at] = (byte) (sample >> shift);
          at += 3;
        }
      }
    }
  }
}
