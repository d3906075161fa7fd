package dev.heed.picture.mechanism;

import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * A map between rows and columns.
 *
 * @param title what is shown
 * @param kind what the numbers are
 * @param rows usually the queries
 * @param columns usually the keys
 * @param classes names of the kinds 1, 2, … of a map of {@link MapKind#CLASSES}; else empty
 * @param values one list a row
 */
public record MapPanel(
    String title,
    MapKind kind,
    Axis rows,
    Axis columns,
    List<String> classes,
    List<List<Double>> values)
    implements Panel {
  private static final double NOTHING = 1e-9;

  /** Checks the sizes and that every number is one. */
  public MapPanel {
    classes = List.copyOf(classes);
    values = values.stream().map(List::copyOf).toList();
    int width = columns.size();
    if (values.size() != rows.size() || values.stream().anyMatch(row -> row.size() != width)) {
      throw new ShapeException(
          String.format(
              Locale.ROOT,
              "map \"%s\": expected %d rows of %d numbers, got %d of %s",
              title,
              rows.size(),
              width,
              values.size(),
              values.stream().map(List::size).distinct().toList()));
    }
    if (values.stream().flatMap(List::stream).anyMatch(value -> !Double.isFinite(value))) {
      throw new IllegalArgumentException("map \"" + title + "\": expected finite numbers");
    }
  }

  /** From a matrix {@code [rows, columns]}. */
  public static MapPanel of(String title, MapKind kind, Axis rows, Axis columns, Tensor matrix) {
    return new MapPanel(title, kind, rows, columns, List.of(), rows(matrix));
  }

  /** Kinds of cells from a matrix of their numbers, 0 for none. */
  public static MapPanel classes(
      String title, Axis rows, Axis columns, List<String> classes, Tensor matrix) {
    return new MapPanel(title, MapKind.CLASSES, rows, columns, classes, rows(matrix));
  }

  private static List<List<Double>> rows(Tensor matrix) {
    double[] numbers = matrix.toDoubleArray();
    int width = Math.toIntExact(matrix.size(1));
    List<List<Double>> rows = new ArrayList<>();
    for (int row = 0; row < matrix.size(0); row++) {
      rows.add(DoubleStream.of(numbers).skip((long) row * width).limit(width).boxed().toList());
    }
    return rows;
  }

  /** One cell. */
  public double at(int row, int column) {
    return values.get(row).get(column);
  }

  /** The least number. */
  public double least() {
    return all().min().orElse(0);
  }

  /** The largest number. */
  public double largest() {
    return all().max().orElse(0);
  }

  /** The largest magnitude. */
  public double magnitude() {
    return Math.max(Math.abs(least()), Math.abs(largest()));
  }

  /** Whether some numbers are below zero by more than rounding. */
  public boolean signed() {
    return least() < -NOTHING * Math.max(1, magnitude());
  }

  private DoubleStream all() {
    return values.stream().flatMap(List::stream).mapToDouble(Double::doubleValue);
  }

  /** What the numbers are and, for weights that are no softmax, how far from one. */
  @Override
  public String mark() {
    if (kind == MapKind.NOT_SOFTMAX || kind == MapKind.ESTIMATE) {
      List<Double> sums =
          values.stream()
              .map(row -> row.stream().mapToDouble(Double::doubleValue).sum())
              .sorted()
              .toList();
      return String.format(
          Locale.ROOT,
          "%s (rows sum to %.2f … %.2f%s)",
          kind.mark(),
          sums.getFirst() + 0.0,
          sums.getLast() + 0.0,
          signed() ? String.format(Locale.ROOT, ", least %.2f", least()) : "");
    }
    return kind.mark();
  }
}
