package dev.heed.cli;

import dev.heed.explain.Evidence;
import dev.heed.picture.EvidencePage;
import dev.heed.picture.EvidencePicture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page or picture of what a model attended to, where {@code --attention} wants it. */
public final class EvidenceFile {
  /** The option. */
  public static final String OPTION = "--attention";

  private static final String PAGE = ".html";

  private EvidenceFile() {}

  /**
   * Checks the name before the work begins.
   *
   * @param file may be null: then nothing is asked for
   * @throws UsageException for a name that ends in neither .html nor .png
   */
  public static void check(@Nullable Path file) {
    OutputFile.check(OPTION, file, PAGE, ".png");
  }

  /**
   * Writes it, and says so.
   *
   * @param found looks for it
   * @throws BadInputException if it cannot be drawn, or the file not be written
   */
  public static void write(Path file, Supplier<Evidence> found, Output err) {
    OutputFile.write(
        OPTION,
        file,
        () -> {
          Evidence evidence = found.get();
          return isPage(file)
              ? EvidencePage.write(evidence).getBytes(StandardCharsets.UTF_8)
              : EvidencePicture.draw(evidence);
        });
    err.println("wrote " + file);
  }

  private static boolean isPage(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(PAGE);
  }
}
