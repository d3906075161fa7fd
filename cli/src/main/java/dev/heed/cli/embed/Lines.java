package dev.heed.cli.embed;

import dev.heed.cli.BadInputException;
import dev.heed.cli.FileTrouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of text from a file, or from standard input: UTF-8, with or without a byte order mark, and
 * with any line ends.
 */
final class Lines {
  /** What stands for standard input, as in other commands. */
  static final String STANDARD_INPUT = "-";

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private Lines() {}

  /**
   * A line that says something.
   *
   * @param number from 1, blank lines counted
   * @param text the line
   */
  record Line(int number, String text) {}

  /**
   * The lines that are not blank.
   *
   * @param option that names the file, or null for an argument
   * @param file null or {@code -} for standard input
   * @throws BadInputException if it cannot be read, is no UTF-8, or all lines are blank
   */
  static List<Line> of(@Nullable String option, @Nullable Path file) {
    if (file == null || file.toString().equals(STANDARD_INPUT)) {
      return read("standard input", null, System.in);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), option, in);
    } catch (IOException e) {
      throw FileTrouble.of(option, file, e);
    }
  }

  private static List<Line> read(String name, @Nullable String option, InputStream in) {
    try {
      List<Line> lines = filled(in);
      if (lines.isEmpty()) {
        throw new BadInputException(
            name + ": expected at least one line that is not blank, got none");
      }
      return lines;
    } catch (CharacterCodingException e) {
      throw new BadInputException(
          name + ": expected text in UTF-8, got other bytes; save or convert it as UTF-8 first");
    } catch (IOException e) {
      throw FileTrouble.of(option, name, e);
    }
  }

  private static List<Line> filled(InputStream in) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      number++;
      if (number == 1 && text.startsWith(BYTE_ORDER_MARK)) {
        text = text.substring(1);
      }
      if (!text.isBlank()) {
        lines.add(new Line(number, text));
      }
    }
    return lines;
  }
}
