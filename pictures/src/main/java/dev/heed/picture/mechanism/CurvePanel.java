package dev.heed.picture.mechanism;

import java.util.List;

/**
 * Curves over a common abscissa.
 *
 * @param title what is shown
 * @param abscissa what the places count, for example the lag
 * @param first the abscissa of the first place
 * @param step from one place to the next
 * @param curves all of the same length
 */
public record CurvePanel(
    String title, String abscissa, double first, double step, List<Curve> curves) implements Panel {
  /** One curve by name. */
  public record Curve(String name, List<Double> values) {
    /** Copies the values. */
    public Curve {
      values = List.copyOf(values);
    }
  }

  /** Checks that there is something to draw. */
  public CurvePanel {
    curves = List.copyOf(curves);
    if (curves.isEmpty() || curves.stream().anyMatch(curve -> curve.values().size() < 2)) {
      throw new IllegalArgumentException(
          "curves: expected at least one, of two values or more, got " + curves);
    }
  }

  @Override
  public String mark() {
    return "over " + abscissa;
  }

  /** How many places. */
  public int length() {
    return curves.getFirst().values().size();
  }

  /** The least of all values, at most 0. */
  public double least() {
    return Math.min(0, values().min().orElse(0));
  }

  /** The largest of all values, at least 0. */
  public double largest() {
    return Math.max(0, values().max().orElse(0));
  }

  private java.util.stream.DoubleStream values() {
    return curves.stream().flatMap(c -> c.values().stream()).mapToDouble(Double::doubleValue);
  }
}
