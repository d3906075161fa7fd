package dev.heed.cli.mechanisms;

import dev.heed.cli.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Writes pictures where the user wants them. */
final class PictureFile {
  private PictureFile() {}

  /** Writes an image, and tells the user what is missing if it cannot be drawn. */
  static void write(Path file, Supplier<byte[]> image) throws IOException {
    byte[] bytes;
    try {
      bytes = image.get();
    } catch (IllegalStateException e) {
      throw new BadInputException("--png: " + e.getMessage());
    }
    Files.write(file, bytes);
  }
}
