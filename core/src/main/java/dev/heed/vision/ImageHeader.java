package dev.heed.vision;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;

/**
 * What an image file says of itself, checked before anything is decoded.
 *
 * @param where the file's name, for messages
 * @param format what kind of file it is
 * @param height rows as stored
 * @param width columns as stored
 * @param orientation how the rows and columns are to be seen
 * @param essential the file, or the parts of it that make pixels
 */
@SuppressWarnings("ArrayRecordComponent") // a file on its way to the decoder
public record ImageHeader(
    String where, Format format, int height, int width, Orientation orientation, byte[] essential) {
  /** The most pixels that are decoded: 192 MiB of red, green and blue. */
  public static final long MOST_PIXELS = 1L << 26;

  static final String REMEDY = "The file is damaged or hostile; get it again.";

  /** The kinds of files that are read. */
  public enum Format {
    /** Portable Network Graphics. */
    PNG,
    /** JPEG, baseline and progressive. */
    JPEG
  }

  /**
   * Reads and checks a file's header.
   *
   * @throws CheckpointException as {@link ImageDecoder#read(String, byte[])}
   */
  static ImageHeader of(String where, byte[] bytes) {
    if (PngHeader.isThere(bytes)) {
      return PngHeader.read(where, bytes);
    }
    if (JpegHeader.isThere(bytes)) {
      return JpegHeader.read(where, bytes);
    }
    throw new CheckpointException(
        Kind.UNSUPPORTED,
        where,
        "a PNG or JPEG file",
        bytes.length == 0 ? "an empty file" : "another",
        "Convert the image to one of these.");
  }

  /**
   * Refuses sizes that no image has, that are too large, or that the file's bytes cannot hold.
   *
   * @param mostPixels how many the compressed bytes can stand for
   */
  static void requireSizes(String where, long height, long width, long mostPixels) {
    if (height < 1 || width < 1) {
      throw new CheckpointException(
          Kind.VALUE, where, "positive sizes", height + " × " + width, REMEDY);
    }
    if (height * width > MOST_PIXELS || height > MOST_PIXELS || width > MOST_PIXELS) {
      throw new CheckpointException(
          Kind.TOO_LARGE,
          where,
          "at most " + MOST_PIXELS + " pixels",
          height + " × " + width,
          "Make the image smaller first.");
    }
    if (height * width > mostPixels) {
      throw new CheckpointException(
          Kind.TRUNCATED,
          where,
          "bytes for " + height + " × " + width + " pixels",
          "a file that holds at most " + mostPixels,
          REMEDY);
    }
  }
}
