package dev.heed.task.series;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of series: a row for each step, a column for each value, perhaps one of times.
 *
 * @param times of the rows; empty where there is no column of times
 * @param columns of values, in the file's order
 * @param trouble what is wrong with the times, or null
 */
public record SeriesTable(
    List<LocalDateTime> times, List<Column> columns, @Nullable String trouble) {
  private static final long LARGEST = 1L << 30;

  /**
   * A column of values.
   *
   * @param name in the first row
   * @param values by row; NaN where the cell is empty, {@code NA} or {@code NaN}
   * @param trouble what is wrong with a cell, or null
   */
  public record Column(String name, double[] values, @Nullable String trouble) {}

  /** Copies the lists. */
  public SeriesTable {
    times = List.copyOf(times);
    columns = List.copyOf(columns);
  }

  /**
   * Reads a file of comma-, semicolon- or tab-separated values, whose first row names the columns.
   *
   * <p>The first column whose first cell is a time is that of times. A cell that is no number makes
   * its column a broken one; the others can be used.
   *
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException for a file that is no such table, naming the row
   */
  public static SeriesTable read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > LARGEST) {
      throw new IllegalArgumentException(
          "file: expected at most " + LARGEST + " bytes, got " + size);
    }
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return read(in);
    }
  }

  /** Reads a table from text; see {@link #read(Path)}. */
  public static SeriesTable read(BufferedReader in) throws IOException {
    return new TableReader(in).table();
  }

  /** The names of the columns of values. */
  public List<String> names() {
    return columns.stream().map(Column::name).toList();
  }

  /**
   * The columns of these names, in their order; all of them for none.
   *
   * @throws IllegalArgumentException for a name that no column has
   */
  public List<Column> chosen(List<String> names) {
    if (names.isEmpty()) {
      return columns;
    }
    List<Column> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          columns.stream()
              .filter(column -> column.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "column: expected one of " + names() + ", got " + name)));
    }
    return chosen;
  }

  /**
   * Columns as one series.
   *
   * @throws IllegalArgumentException for broken columns or times, saying where
   */
  public Series series(List<Column> chosen) {
    if (trouble != null) {
      throw new IllegalArgumentException(trouble);
    }
    for (Column column : chosen) {
      if (column.trouble() != null) {
        throw new IllegalArgumentException(column.trouble());
      }
    }
    return new Series(
        chosen.stream().map(Column::name).toList(),
        chosen.stream().map(Column::values).toArray(double[][]::new),
        times,
        times.size() < 2 ? null : TimeStep.of(times));
  }
}
