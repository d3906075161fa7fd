package dev.heed.cli.evaluate;

import dev.heed.checkpoint.StrictJson;
import dev.heed.cli.BadInputException;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.Lines;
import dev.heed.cli.Lines.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Predictions and references as they lie in files. */
final class EvaluationFiles {
  private EvaluationFiles() {}

  /** One text a line; blank ones count. */
  static List<String> texts(String option, Path file) {
    return Lines.all(option, file).stream().map(Line::text).toList();
  }

  /** One label a line, without the spaces around it. */
  static List<String> labels(String option, Path file) {
    return Lines.of(option, file).stream().map(line -> line.text().strip()).toList();
  }

  /** One number a line. */
  static double[] numbers(String option, Path file) {
    return Lines.of(option, file).stream()
        .mapToDouble(line -> number(option, file, line, line.text().strip()))
        .toArray();
  }

  /** Numbers with white space between them, for each line. */
  static double[][] rows(String option, Path file) {
    return Lines.all(option, file).stream()
        .map(line ->
            Arrays.stream(line.text().strip().split("\\s+"))
                .filter(cell -> !cell.isEmpty())
                .mapToDouble(cell -> number(option, file, line, cell))
                .toArray())
        .toArray(double[][]::new);
  }

  static double number(String option, Path file, Line line, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(option, file, line, "a number", text);
    }
  }

  static int integer(String option, Path file, Line line, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(option, file, line, "a whole number", text);
    }
  }

  /** A line that cannot be used. */
  static BadInputException wrong(String option, Path file, Line line, String expected, String got) {
    return new BadInputException(
        option
            + " "
            + file
            + ", line "
            + line.number()
            + ": expected "
            + expected
            + ", got "
            + got);
  }

  /** A whole file of JSON. */
  static JsonNode json(String option, Path file) {
    try {
      return StrictJson.parse(option + " " + file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw FileTrouble.of(option, file, e);
    }
  }

  /** Refuses predictions that are not as many as the references. */
  static void requireSame(String option, Path file, int predictions, int references) {
    if (predictions != references) {
      throw new BadInputException(
          option
              + " "
              + file
              + ": expected "
              + references
              + " items as in --references, got "
              + predictions);
    }
  }
}
