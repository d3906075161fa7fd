package dev.heed.cli;

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
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Lines of text from a file, or from standard input: UTF-8, with or without a byte order mark, and
 * with any line ends.
 */
public final class Lines {
  /** What stands for standard input, as in other commands. */
  public static final String STANDARD_INPUT = "-";

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private Lines() {}

  /**
   * A line that says something.
   *
   * @param number from 1, blank lines counted
   * @param text the line
   */
  public record Line(int number, String text) {}

  /**
   * The lines that are not blank.
   *
   * @param option that names the file, or null for an argument
   * @param file null or {@code -} for standard input
   * @throws BadInputException if it cannot be read, is no UTF-8, or all lines are blank
   */
  public static List<Line> of(@Nullable String option, @Nullable Path file) {
    List<Line> filled = all(option, file).stream().filter(line -> !line.text().isBlank()).toList();
    if (filled.isEmpty()) {
      throw new BadInputException(
          (isStandardInput(file) ? "standard input" : file)
              + ": expected at least one line that is not blank, got none");
    }
    return filled;
  }

  /**
   * All lines, the blank ones too, for files whose lines belong to those of others.
   *
   * @param option that names the file, or null for an argument
   * @param file null or {@code -} for standard input
   * @throws BadInputException if it cannot be read or is no UTF-8
   */
  public static List<Line> all(@Nullable String option, @Nullable Path file) {
    if (file == null || isStandardInput(file)) {
      return read("standard input", null, System.in);
    }
    try (InputStream in = open(file)) {
      return read(file.toString(), option, in);
    } catch (IOException e) {
      throw FileTrouble.of(option, file, e);
    }
  }

  /** A file whose name ends in .gz is unpacked. */
  private static InputStream open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    if (!file.toString().endsWith(".gz")) {
      return in;
    }
    try {
      return new GZIPInputStream(in);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static boolean isStandardInput(@Nullable Path file) {
    return file == null || file.toString().equals(STANDARD_INPUT);
  }

  private static List<Line> read(String name, @Nullable String option, InputStream in) {
    try {
      return read(in);
    } catch (CharacterCodingException e) {
      throw new BadInputException(
          name + ": expected text in UTF-8, got other bytes; save or convert it as UTF-8 first");
    } catch (IOException e) {
      throw FileTrouble.of(option, name, e);
    }
  }

  private static List<Line> read(InputStream in) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      number++;
      if (number == 1 && text.startsWith(BYTE_ORDER_MARK)) {
        text = text.substring(1);
      }
      lines.add(new Line(number, text));
    }
    return lines;
  }
}
