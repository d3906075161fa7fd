package dev.heed.vision;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Turns the bytes of a PNG or JPEG file into pixels.
 *
 * <p>Implementations are found through {@link ServiceLoader}, so that programs without images carry
 * no decoder. Sizes are read and checked by {@link ImageHeader} before an implementation is asked.
 * Orientation tags (EXIF) are obeyed, transparency and colour profiles are left alone, and 16-bit
 * samples lose their lower half, as in the reference.
 */
public interface ImageDecoder {
  /** The largest file that is read. */
  long MOST_BYTES = 1L << 28;

  /**
   * Decodes a file that is known to be sound in its sizes.
   *
   * @param header its sizes and kind
   * @param bytes the file; for PNG only the parts that make pixels
   * @return the pixels as they are stored, not yet turned
   * @throws CheckpointException {@code MALFORMED} or {@code UNSUPPORTED}
   */
  RgbImage decode(ImageHeader header, byte[] bytes);

  /**
   * Returns the decoder on the class path.
   *
   * @throws CheckpointException {@code NOT_FOUND} when there is none
   */
  static ImageDecoder installed() {
    return ServiceLoader.load(ImageDecoder.class, ImageDecoder.class.getClassLoader())
        .findFirst()
        .orElseThrow(() ->
            new CheckpointException(
                Kind.NOT_FOUND,
                "reading images",
                "an image decoder on the class path",
                "none",
                "Add Heed's pictures to it, or hand over pixels as an RgbImage."));
  }

  /**
   * Reads a file.
   *
   * @throws CheckpointException {@code NOT_FOUND} or {@code IO} when it cannot be read, and all
   *     that {@link #read(String, byte[])} throws
   */
  default RgbImage read(Path file) {
    String where = file.toString();
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Kind.NOT_FOUND, where, "a regular file", "none", "Check the path.");
    }
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new CheckpointException(
            Kind.TOO_LARGE,
            where,
            "at most " + MOST_BYTES + " bytes",
            Files.size(file) + "",
            "Make the image smaller first.");
      }
      return read(where, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          where,
          "a readable file",
          String.valueOf(e.getMessage()),
          "Check its permissions and the disk.",
          e);
    }
  }

  /**
   * Reads a file's bytes.
   *
   * @param where a name for messages
   * @param bytes the whole file
   * @return upright, as its orientation tag says
   * @throws CheckpointException {@code UNSUPPORTED} for anything but PNG and JPEG, {@code
   *     TOO_LARGE} for sizes above the limit or that so few bytes cannot hold, {@code TRUNCATED}
   *     and {@code MALFORMED} for a damaged file
   */
  default RgbImage read(String where, byte[] bytes) {
    ImageHeader header = ImageHeader.of(where, bytes);
    RgbImage image = decode(header, header.essential());
    if (image.height() != header.height() || image.width() != header.width()) {
      throw new CheckpointException(
          Kind.MALFORMED,
          where,
          header.height() + " × " + header.width() + " pixels",
          image.height() + " × " + image.width(),
          ImageHeader.REMEDY);
    }
    return header.orientation().upright(image);
  }
}
