package dev.heed.train.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The files that a table names: in a zip file called as the table, or else beside it. */
final class TableFiles implements AutoCloseable {
  private static final int MOST_BYTES = 1 << 28;

  private final Path table;
  private final @Nullable ZipFile zip;

  /** Opens the zip file where there is one. */
  TableFiles(Path table) {
    this.table = table;
    String name = String.valueOf(table.getFileName()).replaceFirst("\\.(tsv|jsonl)(\\.gz)?$", "");
    Path packed = table.resolveSibling(name + ".zip");
    try {
      this.zip = Files.isRegularFile(packed) ? new ZipFile(packed.toFile()) : null;
    } catch (IOException e) {
      throw new IllegalArgumentException(packed + ": expected a zip file, got another", e);
    }
  }

  /**
   * The bytes of a file.
   *
   * @param where what names it, for messages
   * @throws IllegalArgumentException if there is none, or it is too large
   */
  byte[] read(String where, String name) {
    try (InputStream in = open(where, name)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IllegalArgumentException(
            where + ": expected a file of at most " + MOST_BYTES + " bytes, got more: " + name);
      }
      return bytes;
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(where + ": expected a file that can be read: " + name, e);
    }
  }

  private InputStream open(String where, String name) throws IOException {
    if (zip == null) {
      return Files.newInputStream(table.resolveSibling(name));
    }
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          where + ": expected " + name + " in " + zip.getName() + ", got no such file");
    }
    return zip.getInputStream(entry);
  }

  @Override
  public void close() {
    try {
      if (zip != null) {
        zip.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
