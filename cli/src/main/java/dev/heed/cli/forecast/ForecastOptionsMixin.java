package dev.heed.cli.forecast;

import dev.heed.cli.UsageException;
import dev.heed.task.ForecastOptions;
import dev.heed.task.series.SeriesTable;
import dev.heed.task.series.TimeFeature;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a series is forecast: options of commands. */
public final class ForecastOptionsMixin {
  @Option(
      names = "--column",
      paramLabel = "NAME,…",
      split = ",",
      hideParamSyntax = true,
      description = "The columns to forecast, in the order in which the model reads them.")
  private List<String> columns = List.of();

  @Option(
      names = "--horizon",
      paramLabel = "N",
      description = "How many steps ahead (default: as many as the model predicts).")
  private @Nullable Integer horizon;

  @Option(
      names = "--time-features",
      paramLabel = "NAME,…",
      split = ",",
      hideParamSyntax = true,
      description =
          "What the model reads of each step's time, in its order: second_of_minute,"
              + " minute_of_hour, hour_of_day, day_of_week, day_of_month, day_of_year,"
              + " week_of_year, month_of_year, age (default: the usual ones of such steps).")
  private List<String> timeFeatures = List.of();

  @Option(
      names = "--category",
      paramLabel = "N,…",
      split = ",",
      hideParamSyntax = true,
      description = "The series' categories, one number for each that the model reads.")
  private List<Long> categories = List.of();

  @Option(
      names = "--static",
      paramLabel = "X,…",
      split = ",",
      hideParamSyntax = true,
      description = "The series' own numbers, as many as the model reads.")
  private List<Double> numbers = List.of();

  @Option(
      names = "--known",
      paramLabel = "NAME,…",
      split = ",",
      hideParamSyntax = true,
      description =
          "Columns of numbers that the model reads of each step and that are known ahead: the file"
              + " has rows of the steps ahead, where the forecast columns are empty.")
  private List<String> known = List.of();

  /** The columns that are known ahead. */
  public List<String> known() {
    return known;
  }

  /** Columns that are forecast: where the user names none, all that are not known ahead. */
  public List<String> columns(SeriesTable table) {
    return columns.isEmpty() && !known.isEmpty()
        ? table.names().stream().filter(name -> !known.contains(name)).toList()
        : columns;
  }

  /**
   * The options.
   *
   * @param futures how many are drawn, or null for as many as the model's config says
   * @param seed of what is drawn
   * @param quantiles which are told
   * @throws UsageException for values that cannot be meant
   */
  public ForecastOptions options(@Nullable Integer futures, long seed, List<Double> quantiles) {
    try {
      return new ForecastOptions(
          horizon,
          futures,
          seed,
          quantiles,
          timeFeatures.stream().map(TimeFeature::named).toList(),
          categories,
          numbers,
          List.of());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }
}
