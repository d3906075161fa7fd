package dev.heed.task;

import dev.heed.task.series.TimeFeature;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a series is forecast.
 *
 * @param horizon how many steps ahead, or null for as many as the model predicts
 * @param futures how many are drawn, or null for as many as the model's config says
 * @param seed of what is drawn
 * @param quantiles which are told of them, from 0 to 1
 * @param timeFeatures what the model reads of times, in its order; empty for the usual ones
 * @param categories of a series, one number for each that the model reads
 * @param numbers of a series, as many as the model reads
 * @param known further numbers of each step that are known ahead, {@code [number][step]}: of all
 *     steps of the series and of those ahead that are read; as many numbers as the model reads
 */
public record ForecastOptions(
    @Nullable Integer horizon,
    @Nullable Integer futures,
    long seed,
    List<Double> quantiles,
    List<TimeFeature> timeFeatures,
    List<Long> categories,
    List<Double> numbers,
    List<double[]> known) {
  /** What the model's config says, and the median between the tenth and the ninth tenth. */
  public static final ForecastOptions USUAL =
      new ForecastOptions(
          null, null, 0, List.of(0.1, 0.5, 0.9), List.of(), List.of(), List.of(), List.of());

  /** Checks the numbers. */
  public ForecastOptions {
    quantiles = quantiles.stream().sorted().distinct().toList();
    timeFeatures = List.copyOf(timeFeatures);
    categories = List.copyOf(categories);
    numbers = List.copyOf(numbers);
    known = List.copyOf(known);
    require(horizon == null || horizon > 0, "horizon: expected at least 1", horizon);
    require(futures == null || futures > 0, "samples: expected at least 1", futures);
    require(
        quantiles.stream().allMatch(q -> q >= 0 && q <= 1),
        "quantiles: expected numbers from 0 to 1",
        quantiles);
  }

  private static void require(boolean holds, String expected, @Nullable Object got) {
    if (!holds) {
      throw new IllegalArgumentException(expected + ", got " + got);
    }
  }

  /** The same so many steps ahead. */
  public ForecastOptions ahead(int steps) {
    return new ForecastOptions(
        steps, futures, seed, quantiles, timeFeatures, categories, numbers, known);
  }

  /** The same with these numbers of times. */
  public ForecastOptions reading(List<TimeFeature> features) {
    return new ForecastOptions(
        horizon, futures, seed, quantiles, features, categories, numbers, known);
  }

  /** The same for series of these categories. */
  public ForecastOptions of(List<Long> categories) {
    return new ForecastOptions(
        horizon, futures, seed, quantiles, timeFeatures, categories, numbers, known);
  }

  /** The same with further numbers of each step, also of those ahead. */
  public ForecastOptions knowing(List<double[]> known) {
    return new ForecastOptions(
        horizon, futures, seed, quantiles, timeFeatures, categories, numbers, known);
  }
}
