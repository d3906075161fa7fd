package dev.heed.cli;

import dev.heed.checkpoint.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes a file where an option of the user wants it. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Checks before the work begins that a file can be meant.
   *
   * @param option for example {@code --png}
   * @param file may be null: then nothing is asked for
   * @param endings one of which its name must have, for example {@code .png}
   * @throws UsageException if the name has another ending
   * @throws BadInputException if it is a folder, or its folder does not exist
   */
  public static void check(String option, @Nullable Path file, String... endings) {
    if (file == null) {
      return;
    }
    String name = file.toString();
    boolean device = Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
    String low = name.toLowerCase(Locale.ROOT);
    if (!device && Arrays.stream(endings).noneMatch(low::endsWith)) {
      throw new UsageException(
          option
              + ": expected a name that ends in "
              + String.join(" or ", endings)
              + ", got "
              + name);
    }
    if (Files.isDirectory(file)) {
      throw new BadInputException(option + ": expected a file, got the folder " + name);
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new BadInputException(
          option + ": no such folder: " + folder + " for " + name + "; create it first");
    }
  }

  /**
   * Writes a picture, and tells the user what is missing if it cannot be drawn.
   *
   * @throws BadInputException if it cannot be drawn, or the file not be written
   */
  public static void write(String option, Path file, Supplier<byte[]> picture) {
    byte[] bytes;
    try {
      bytes = picture.get();
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new BadInputException(option + ": " + e.getMessage());
    }
    try {
      WholeFile.write(file, bytes);
    } catch (NoSuchFileException e) {
      throw new BadInputException(option + ": no such folder for " + file + "; create it first");
    } catch (IOException e) {
      throw FileTrouble.of(option, file, e);
    }
  }
}
