package dev.heed.explain;

import java.util.List;

/**
 * Series, what is expected to follow them, and how sure that is: what pages and pictures draw.
 *
 * @param title above all
 * @param note what the lines and bands are
 * @param bands one chart for each, from top to bottom
 */
public record ForecastChart(String title, String note, List<Band> bands) {
  /** Copies the list. */
  public ForecastChart {
    bands = List.copyOf(bands);
  }

  /**
   * One series.
   *
   * @param name of its values
   * @param labels of the steps, those ahead last; as many as there are of both
   * @param seen the last values; NaN where none was observed
   * @param expected the values ahead
   * @param low below which few futures lie; empty where nothing is known of it
   * @param high above which few lie, as many as {@code low}
   */
  public record Band(
      String name,
      List<String> labels,
      double[] seen,
      double[] expected,
      double[] low,
      double[] high) {
    /** Checks that all fits. */
    public Band {
      labels = List.copyOf(labels);
      boolean fits =
          labels.size() == seen.length + expected.length
              && expected.length > 0
              && low.length == high.length
              && (low.length == 0 || low.length == expected.length);
      if (!fits) {
        throw new IllegalArgumentException(
            "band: expected labels of "
                + seen.length
                + " and "
                + expected.length
                + " steps, and limits of the latter or none, got "
                + labels.size()
                + " and "
                + low.length);
      }
    }
  }
}
