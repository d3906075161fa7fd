package dev.heed.train.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The numbers of one table, or of two that follow each other.
 *
 * @param values {@code [steps][columns]}
 * @param learned how many of the steps are learned from; the others are scored on
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, compared by nobody
record SeriesRows(double[][] values, int learned) {
  /**
   * Reads them; a first column that holds no number is that of times.
   *
   * @throws IllegalArgumentException for a cell that is no number, by line
   */
  static SeriesRows of(Recipe.Data data) {
    List<ExampleFile.Row> learned = new ExampleFile(Path.of(data.train())).rows();
    RecipeKeys.require(
        data.first() <= learned.size(), "first", "at most " + learned.size(), data.first());
    if (data.first() > 0) {
      learned = learned.subList(0, data.first());
    }
    List<ExampleFile.Row> all = new ArrayList<>(learned);
    int count = learned.size() - data.heldOut();
    RecipeKeys.require(count > 0, "held_out", "fewer than " + learned.size(), data.heldOut());
    if (!data.valid().isEmpty()) {
      all.addAll(new ExampleFile(Path.of(data.valid())).rows());
    }
    List<String> columns = columns(learned.getFirst().columns());
    double[][] values = new double[all.size()][columns.size()];
    for (int step = 0; step < values.length; step++) {
      for (int column = 0; column < columns.size(); column++) {
        values[step][column] = number(all.get(step), columns.get(column));
      }
    }
    return new SeriesRows(values, count);
  }

  private static List<String> columns(Map<String, String> first) {
    List<String> names = List.copyOf(first.keySet());
    boolean timed = !isNumber(first.getOrDefault(names.getFirst(), ""));
    return timed ? names.subList(1, names.size()) : names;
  }

  private static boolean isNumber(String cell) {
    return cell.strip().matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
  }

  private static double number(ExampleFile.Row row, String column) {
    String cell = row.require(column);
    if (!isNumber(cell)) {
      throw new IllegalArgumentException(
          row.where() + ", column " + column + ": expected a number, got " + cell);
    }
    return Double.parseDouble(cell.strip());
  }

  /** With mean 0 and deviation 1 of each column of what is learned from. */
  float[][] standardised() {
    float[][] standardised = new float[values.length][values[0].length];
    for (int column = 0; column < values[0].length; column++) {
      double sum = 0;
      double squares = 0;
      for (int step = 0; step < learned; step++) {
        sum += values[step][column];
      }
      double mean = sum / learned;
      for (int step = 0; step < learned; step++) {
        double off = values[step][column] - mean;
        squares += off * off;
      }
      double deviation = squares > 0 ? Math.sqrt(squares / learned) : 1;
      for (int step = 0; step < values.length; step++) {
        standardised[step][column] = (float) ((values[step][column] - mean) / deviation);
      }
    }
    return standardised;
  }
}
