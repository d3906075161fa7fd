package dev.heed.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Files that appear with all their bytes or not at all: written beside their place and moved there,
 * so that a full disk or an end in the middle leaves what was there before.
 */
public final class WholeFile {
  private static final String SUFFIX = ".part";

  private WholeFile() {}

  /** How bytes get into a file. */
  @FunctionalInterface
  public interface Filling {
    /** Fills a file that is not there yet. */
    void fill(Path file) throws IOException;
  }

  /**
   * Writes bytes; what is no regular file, as a device, takes them directly.
   *
   * @throws IOException if not all of them can be written; the file is then as it was
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      Files.write(file, bytes);
    } else {
      fill(file, part -> Files.write(part, bytes));
    }
  }

  /** Copies a file, with the errors of {@link #write}. */
  public static void copy(Path from, Path to) throws IOException {
    fill(to, part -> Files.copy(from, part, StandardCopyOption.REPLACE_EXISTING));
  }

  /** Lets a file be written by others, with the errors of {@link #write}. */
  public static void fill(Path file, Filling filling) throws IOException {
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + SUFFIX);
    // also where the process is told to end before it is done
    part.toFile().deleteOnExit();
    try {
      filling.fill(part);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
