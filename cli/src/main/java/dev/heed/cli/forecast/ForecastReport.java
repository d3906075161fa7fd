package dev.heed.cli.forecast;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.heed.cli.Output;
import dev.heed.explain.ForecastChart.Band;
import dev.heed.task.Forecast;
import dev.heed.task.series.Series;
import dev.heed.task.series.TimeStep;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the command says of one value of a series, or why it says nothing.
 *
 * @param file it is from
 * @param series the value's column
 * @param step what lies between steps, or null where times are not known
 * @param times of the steps ahead, or null where they are not known
 * @param mean what is expected
 * @param quantiles by share
 * @param error why there is no forecast, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ForecastReport(
    String file,
    @Nullable String series,
    @Nullable String step,
    @Nullable List<String> times,
    double @Nullable [] mean,
    @Nullable Map<String, double[]> quantiles,
    @Nullable String error) {
  static ForecastReport failed(String file, @Nullable String series, String error) {
    return new ForecastReport(file, series, null, null, null, null, error);
  }

  static ForecastReport of(String file, Series series, Forecast forecast) {
    Map<String, double[]> quantiles = new LinkedHashMap<>();
    forecast.quantiles().forEach((share, values) -> quantiles.put(String.valueOf(share), values));
    TimeStep step = series.step();
    return new ForecastReport(
        file,
        forecast.name(),
        step == null ? null : step.toString(),
        step == null ? null : forecast.times().stream().map(step::write).toList(),
        forecast.mean(),
        quantiles.isEmpty() ? null : quantiles,
        null);
  }

  /**
   * What is drawn.
   *
   * @param most steps of the past
   */
  static Band band(Series series, Forecast forecast, int most) {
    double[] all = series.values()[series.names().indexOf(forecast.name())];
    int first = Math.max(0, all.length - most);
    List<String> labels = new ArrayList<>();
    for (int i = first; i < all.length; i++) {
      labels.add(label(series, i));
    }
    labels.addAll(ahead(series, forecast));
    boolean known = !forecast.quantiles().isEmpty();
    return new Band(
        forecast.name(),
        labels,
        Arrays.copyOfRange(all, first, all.length),
        forecast.mean(),
        known ? forecast.quantiles().firstEntry().getValue() : new double[0],
        known ? forecast.quantiles().lastEntry().getValue() : new double[0]);
  }

  private static String label(Series series, int number) {
    TimeStep step = series.step();
    if (step == null) {
      return String.valueOf(number + 1);
    }
    LocalDateTime time = series.times().get(number);
    return step.write(time);
  }

  private static List<String> ahead(Series series, Forecast forecast) {
    TimeStep step = series.step();
    return step == null
        ? IntStream.rangeClosed(1, forecast.length()).mapToObj(i -> "+" + i).toList()
        : forecast.times().stream().map(step::write).toList();
  }

  /** For people: a row of bars, then a row for each step. */
  void print(Output out, Series series, Forecast forecast, String bars) {
    out.println(
        forecast.name()
            + ": "
            + forecast.length()
            + (forecast.length() == 1 ? " step" : " steps")
            + " ahead"
            + (step == null ? "" : ", " + step));
    out.println(bars);
    List<String> labels = ahead(series, forecast);
    int width = labels.stream().mapToInt(String::length).max().orElse(0);
    StringBuilder head = new StringBuilder(cell("", -width) + cell("mean", 12));
    forecast.quantiles().keySet().forEach(share -> head.append(cell(percent(share), 12)));
    out.println(head);
    for (int i = 0; i < forecast.length(); i++) {
      StringBuilder row =
          new StringBuilder(cell(labels.get(i), -width) + cell(figure(forecast.mean()[i]), 12));
      int at = i;
      forecast.quantiles().values().forEach(values -> row.append(cell(figure(values[at]), 12)));
      out.println(row);
    }
    out.println();
  }

  private static String cell(String text, int width) {
    return String.format(Locale.ROOT, "%" + width + "s", text);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.4g%%", 100 * share).replaceAll("\\.?0+%", "%");
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }
}
