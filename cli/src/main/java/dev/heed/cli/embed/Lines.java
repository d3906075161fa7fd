package dev.heed.cli.embed;

import dev.heed.cli.BadInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of text from a file, or from standard input. */
final class Lines {
  private Lines() {}

  /** What stands for standard input, as in other commands. */
  static final String STANDARD_INPUT = "-";

  /**
   * The lines.
   *
   * @param file null or {@code -} for standard input
   */
  static List<String> of(@Nullable Path file) throws IOException {
    boolean fromInput = file == null || file.toString().equals(STANDARD_INPUT);
    try {
      return fromInput ? standardInput() : Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new BadInputException(
          (fromInput ? "standard input" : file)
              + ": expected text in UTF-8, got other bytes; convert it first");
    }
  }

  private static List<String> standardInput() throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder()));
    return reader.readAllLines();
  }
}
