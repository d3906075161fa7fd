package dev.heed.task.series;

import dev.heed.checkpoint.Quoted;
import dev.heed.task.series.SeriesTable.Column;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a table of series row by row. */
final class TableReader {
  private static final Set<String> MISSING = Set.of("", "na", "nan", "null", "none", "n/a");
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** An ISO date, perhaps with a time after a T or a space, perhaps with an offset. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .optionalEnd()
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  private final BufferedReader in;
  private int row;

  TableReader(BufferedReader in) {
    this.in = in;
  }

  SeriesTable table() throws IOException {
    String head = line();
    if (head == null) {
      throw new IllegalArgumentException("table: expected a row of names, got an empty file");
    }
    char separator = separator(head);
    List<String> names = cells(head, separator);
    requireDistinct(names);
    String line = line();
    if (line == null) {
      throw new IllegalArgumentException("table: expected rows below the names, got none");
    }
    int timeColumn = timeColumn(cells(line, separator));
    List<Growing> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      columns.add(new Growing(names.get(i)));
    }
    List<LocalDateTime> times = new ArrayList<>();
    String trouble = null;
    for (; line != null; line = line()) {
      List<String> cells = cells(line, separator);
      if (cells.size() != names.size()) {
        throw new IllegalArgumentException(
            "row " + row + ": expected " + names.size() + " cells, got " + cells.size());
      }
      for (int i = 0; i < cells.size(); i++) {
        if (i != timeColumn) {
          columns.get(i).add(cells.get(i), row);
        } else if (trouble == null) {
          trouble = add(times, cells.get(i), names.get(i));
        }
      }
    }
    if (timeColumn >= 0) {
      columns.remove(timeColumn);
    }
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("table: expected a column of values, got only times");
    }
    return new SeriesTable(
        trouble == null ? times : List.of(),
        columns.stream().map(Growing::column).toList(),
        trouble);
  }

  /** The next line that is not blank. */
  private @Nullable String line() throws IOException {
    String line = in.readLine();
    row++;
    if (row == 1 && line != null && line.startsWith(BYTE_ORDER_MARK)) {
      line = line.substring(1);
    }
    return line != null && line.isBlank() ? line() : line;
  }

  private @Nullable String add(List<LocalDateTime> times, String cell, String name) {
    LocalDateTime time = time(cell);
    if (time == null) {
      return "column "
          + Quoted.of(name)
          + ": expected a time as 2020-01-31 or 2020-01-31T23:00, got "
          + Quoted.of(cell)
          + " in row "
          + row;
    }
    times.add(time);
    return null;
  }

  private static void requireDistinct(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "row 1: expected a different name for each column, got " + Quoted.of(name) + " twice");
      }
    }
  }

  private static int timeColumn(List<String> cells) {
    for (int i = 0; i < cells.size(); i++) {
      if (time(cells.get(i)) != null) {
        return i;
      }
    }
    return -1;
  }

  /** A time, or null; an offset is left: the clock's own hours matter. */
  private static @Nullable LocalDateTime time(String cell) {
    try {
      TemporalAccessor parsed = TIME.parseBest(cell.strip(), LocalDateTime::from, LocalDate::from);
      return parsed instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) parsed;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static char separator(String head) {
    char best = ',';
    long most = 0;
    for (char candidate : new char[] {',', ';', '\t'}) {
      long count = head.chars().filter(c -> c == candidate).count();
      if (count > most) {
        best = candidate;
        most = count;
      }
    }
    return best;
  }

  /** The cells of a line; a quoted one may hold separators, and doubled quotes (RFC 4180). */
  private List<String> cells(String line, char separator) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException(
          "row " + row + ": expected a closing quote on the same line, got none");
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  /** A column that grows row by row. */
  private static final class Growing {
    private static final int START = 1024;

    private final String name;
    private double[] values = new double[START];
    private int count;
    private @Nullable String trouble;

    Growing(String name) {
      this.name = name;
    }

    void add(String cell, int row) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = number(cell, row);
    }

    private double number(String cell, int row) {
      if (MISSING.contains(cell.toLowerCase(Locale.ROOT))) {
        return Double.NaN;
      }
      try {
        double value = Double.parseDouble(cell);
        if (Double.isFinite(value)) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Said below, as for a number that is not finite.
      }
      if (trouble == null) {
        trouble =
            "column "
                + Quoted.of(name)
                + ": expected a number, got "
                + Quoted.of(cell)
                + " in row "
                + row;
      }
      return Double.NaN;
    }

    Column column() {
      return new Column(name, Arrays.copyOf(values, count), trouble);
    }
  }
}
