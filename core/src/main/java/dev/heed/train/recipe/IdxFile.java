package dev.heed.train.recipe;

import dev.heed.vision.RgbImage;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Grey images and their labels in the idx files of MNIST (LeCun et al. 1998): a number that says
 * what follows, sizes, bytes. The labels' file is called as the images', with {@code labels-idx1}
 * for {@code images-idx3}.
 */
final class IdxFile {
  private static final int IMAGES = 2051;
  private static final int LABELS = 2049;
  private static final int MOST = 1 << 20;
  private static final int LARGEST_SIDE = 4096;
  private static final String NAMED = "images-idx3";

  private IdxFile() {}

  static boolean is(Path path) {
    return String.valueOf(path.getFileName()).contains(NAMED);
  }

  /**
   * Reads images with their labels.
   *
   * @throws IllegalArgumentException for files that are not as their beginnings say
   */
  static List<LabelledImage> read(Path path) {
    Path beside =
        path.resolveSibling(String.valueOf(path.getFileName()).replace(NAMED, "labels-idx1"));
    byte[] labels = labels(beside);
    try (DataInputStream in = open(path)) {
      require(path, "the number " + IMAGES + " at its beginning", IMAGES, in.readInt());
      require(path, "as many images as " + beside + " has labels", labels.length, in.readInt());
      int height = side(path, in.readInt());
      int width = side(path, in.readInt());
      List<LabelledImage> images = new ArrayList<>();
      byte[] grey = new byte[height * width];
      for (int i = 0; i < labels.length; i++) {
        in.readFully(grey);
        images.add(
            new LabelledImage(
                path + ", image " + (i + 1),
                image(height, width, grey),
                String.valueOf(labels[i] & 0xff)));
      }
      return images;
    } catch (EOFException e) {
      throw new IllegalArgumentException(path + ": expected more bytes, got its end", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RgbImage image(int height, int width, byte[] grey) {
    byte[] pixels = new byte[3 * grey.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = grey[i / 3];
    }
    return new RgbImage(height, width, pixels);
  }

  private static byte[] labels(Path path) {
    try (DataInputStream in = open(path)) {
      require(path, "the number " + LABELS + " at its beginning", LABELS, in.readInt());
      int count = in.readInt();
      if (count < 1 || count > MOST) {
        throw new IllegalArgumentException(
            path + ": expected from 1 to " + MOST + " labels, got " + count);
      }
      byte[] labels = new byte[count];
      in.readFully(labels);
      return labels;
    } catch (EOFException e) {
      throw new IllegalArgumentException(path + ": expected more bytes, got its end", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataInputStream open(Path path) throws IOException {
    InputStream raw = Files.newInputStream(path);
    boolean packed = String.valueOf(path.getFileName()).endsWith(".gz");
    return new DataInputStream(new java.io.BufferedInputStream(packed ? unpacked(raw) : raw));
  }

  private static InputStream unpacked(InputStream raw) throws IOException {
    try {
      return new GZIPInputStream(raw);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private static int side(Path path, int size) {
    if (size < 1 || size > LARGEST_SIDE) {
      throw new IllegalArgumentException(
          path + ": expected sides from 1 to " + LARGEST_SIDE + ", got " + size);
    }
    return size;
  }

  private static void require(Path path, String what, int expected, int got) {
    if (got != expected) {
      throw new IllegalArgumentException(path + ": expected " + what + ", got " + got);
    }
  }
}
