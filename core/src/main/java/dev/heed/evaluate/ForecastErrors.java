package dev.heed.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * How far forecasts are from what came: the mean of {@code (said - came)²} and of {@code |said -
 * came|} over all steps and values, for each way of forecasting; and what says nothing but what it
 * saw, to compare with.
 */
public final class ForecastErrors {
  private ForecastErrors() {}

  /**
   * One window of steps, of one or more values a step.
   *
   * @param came {@code [value][step]}; what was not observed, NaN, does not count
   * @param said by way of forecasting, the same in all windows, as large each; NaN does not count
   * @param scales what the errors of each value are divided by, for example its standard deviation
   */
  @SuppressWarnings("ArrayRecordComponent") // measured once, compared by nobody
  public record Window(double[][] came, SequencedMap<String, double[][]> said, double[] scales) {}

  /**
   * The errors over windows: {@code NAMEmse} and {@code NAMEmae} for each way, whose name may be
   * empty.
   *
   * @throws IllegalArgumentException for windows of other ways or sizes
   */
  public static CorpusMeasure measure(List<Window> windows) {
    List<String> ways =
        windows.isEmpty() ? List.of() : List.copyOf(windows.getFirst().said().keySet());
    List<double[]> statistics = new ArrayList<>();
    for (Window window : windows) {
      double[] counts = new double[3 * ways.size()];
      for (int w = 0; w < ways.size(); w++) {
        double[][] said = window.said().get(ways.get(w));
        if (said == null) {
          throw new IllegalArgumentException(
              "forecasts: expected those by "
                  + ways
                  + " in every window, got "
                  + window.said().keySet());
        }
        add(window.came(), said, window.scales(), counts, 3 * w);
      }
      statistics.add(counts);
    }
    return new PooledMeasure(
        statistics,
        counts -> {
          SequencedMap<String, Double> values = new LinkedHashMap<>();
          for (int w = 0; w < ways.size(); w++) {
            values.put(ways.get(w) + "mse", counts[3 * w] / counts[3 * w + 2]);
            values.put(ways.get(w) + "mae", counts[3 * w + 1] / counts[3 * w + 2]);
          }
          return values;
        });
  }

  private static void add(
      double[][] came, double[][] said, double[] scales, double[] counts, int at) {
    References.requireSame("values", came.length, said.length);
    for (int v = 0; v < came.length; v++) {
      References.requireSame("steps", came[v].length, said[v].length);
      for (int t = 0; t < came[v].length; t++) {
        double error = (said[v][t] - came[v][t]) / scales[v];
        if (!Double.isNaN(error)) {
          counts[at] += error * error;
          counts[at + 1] += Math.abs(error);
          counts[at + 2]++;
        }
      }
    }
  }

  /**
   * The last value that was observed, again and again.
   *
   * @param seen {@code [value][step]}, NaN where nothing was observed
   */
  public static double[][] repeatLast(double[][] seen, int ahead) {
    return seasonal(seen, 1, ahead);
  }

  /**
   * What was observed a season before, again and again: the last value at the same place of a
   * season (Hyndman and Athanasopoulos, Forecasting, section 5.2).
   *
   * @param season steps of a season
   */
  public static double[][] seasonal(double[][] seen, int season, int ahead) {
    if (season < 1) {
      throw new IllegalArgumentException("season: expected 1 step or more, got " + season);
    }
    double[][] said = new double[seen.length][ahead];
    for (int v = 0; v < seen.length; v++) {
      int length = seen[v].length;
      for (int t = 0; t < ahead; t++) {
        int at = length - season + t % season;
        while (at >= 0 && Double.isNaN(seen[v][at])) {
          at -= season;
        }
        said[v][t] = at < 0 ? Double.NaN : seen[v][at];
      }
    }
    return said;
  }

  /** The standard deviation of what was observed, or 1 where it does not differ. */
  public static double deviation(double[] values) {
    double[] seen = Arrays.stream(values).filter(v -> !Double.isNaN(v)).toArray();
    double mean = Arrays.stream(seen).average().orElse(0);
    double variance = Arrays.stream(seen).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    return variance > 0 ? Math.sqrt(variance) : 1;
  }
}
