package dev.heed.task;

import java.time.LocalDateTime;
import java.util.List;
import java.util.SequencedMap;

/**
 * What follows one value of a series.
 *
 * @param name of the value
 * @param times of the steps ahead; empty where the series' are not known
 * @param mean of the futures, or what a model of values alone says
 * @param quantiles of the futures by share, for example 0.1, in ascending order; empty where the
 *     model says values alone
 */
public record Forecast(
    String name,
    List<LocalDateTime> times,
    double[] mean,
    SequencedMap<Double, double[]> quantiles) {
  /** Copies the times. */
  public Forecast {
    times = List.copyOf(times);
  }

  /** How many steps ahead. */
  public int length() {
    return mean.length;
  }
}
