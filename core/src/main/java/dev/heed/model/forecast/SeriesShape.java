package dev.heed.model.forecast;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a model of time series reads, and how far it looks ahead.
 *
 * @param past steps it needs
 * @param context steps of those that it attends to
 * @param ahead steps it predicts
 * @param values it reads a step
 * @param predicted which of the values it predicts, by number
 * @param timeFeatures numbers for each step's time
 * @param dynamicFeatures further numbers for each step
 * @param categories how many values each category of a series has
 * @param staticFeatures numbers for each series
 * @param samples how many futures it is meant to draw; 0 if it says values and no distribution
 * @param flat whether series of one value a step are {@code [B, T]}, not {@code [B, T, 1]}
 * @param maskName what the input is called that says which values were observed
 */
public record SeriesShape(
    int past,
    int context,
    int ahead,
    int values,
    List<Integer> predicted,
    int timeFeatures,
    int dynamicFeatures,
    List<Integer> categories,
    int staticFeatures,
    int samples,
    boolean flat,
    String maskName) {
  /** Copies the lists. */
  public SeriesShape {
    predicted = List.copyOf(predicted);
    categories = List.copyOf(categories);
  }

  /**
   * Of a model that reads nothing but values, and attends to all steps that it needs.
   *
   * @param context steps of those that it attends to
   * @param ahead steps it predicts
   * @param values it reads a step
   * @param predicted which of the values it predicts, by number; null for all
   * @param samples how many futures it is meant to draw; 0 if it says values and no distribution
   * @param maskName what the input is called that says which values were observed
   */
  public static SeriesShape ofValues(
      int context,
      int ahead,
      int values,
      @Nullable List<Integer> predicted,
      int samples,
      String maskName) {
    List<Integer> chosen =
        predicted == null ? IntStream.range(0, values).boxed().toList() : predicted;
    return new SeriesShape(
        context, context, ahead, values, chosen, 0, 0, List.of(), 0, samples, false, maskName);
  }
}
