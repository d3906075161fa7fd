package dev.heed.cli.evaluate;

import dev.heed.cli.BadInputException;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.UsageException;
import dev.heed.cli.forecast.ForecastOptionsMixin;
import dev.heed.evaluate.CorpusMeasure;
import dev.heed.evaluate.ForecastErrors;
import dev.heed.evaluate.ForecastErrors.Window;
import dev.heed.task.Forecast;
import dev.heed.task.ForecastOptions;
import dev.heed.task.Forecaster;
import dev.heed.task.series.Series;
import dev.heed.task.series.SeriesTable;
import dev.heed.task.series.SeriesTable.Column;
import dev.heed.task.series.TimeStep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code heed evaluate forecast}. */
@Command(
    name = "forecast",
    description = {
      "How far a model's forecasts are from what came, window after window of a file of series:"
          + " MSE and MAE, beside repeating the last value and the last season.",
      "DATA: CSV as heed forecast reads it; what is to come follows what is read."
    },
    footer = {
      "",
      "Example:",
      "  heed evaluate forecast valid.csv --model patchtst-etth1 --scale train.csv --season 24"
    })
public final class ForecastModelCommand extends ReportCommand {
  private static final String SCALE = "--scale";

  @Mixin private ModelData source = new ModelData();

  @Option(
      names = "--futures",
      paramLabel = "N",
      description =
          "How many are drawn, whose mean is the forecast (default: as the model's"
              + " config says).")
  private @Nullable Integer futures;

  @Option(
      names = "--stride",
      paramLabel = "N",
      description = "Steps from one window to the next (default: the horizon).")
  private @Nullable Integer stride;

  @Option(
      names = "--season",
      paramLabel = "N",
      description =
          "Steps of a season (default: a day of shorter steps, a week of days, a year of"
              + " months; none where times are not known).")
  private @Nullable Integer season;

  @Option(
      names = SCALE,
      paramLabel = "FILE",
      description =
          "Errors in standard deviations of this file's columns, as of the training"
              + " part (default: as they are).")
  private @Nullable Path scale;

  @Mixin private ForecastOptionsMixin options = new ForecastOptionsMixin();

  private final List<Slice> slices = new ArrayList<>();

  /**
   * A window of a series.
   *
   * @param series all of it
   * @param known ahead, {@code [number][step]}
   * @param scales what its errors are divided by, of each predicted value
   * @param start the number of the first step that is to come
   */
  private record Slice(Series series, List<double[]> known, double[] scales, int start) {
    Series past() {
      return series.first(start);
    }
  }

  @Override
  CorpusMeasure measured() {
    ForecastOptions wanted = options.options(futures, 0, List.of());
    for (@Nullable Integer each : new @Nullable Integer[] {stride, season}) {
      if (each != null && each < 1) {
        throw new UsageException("--stride, --season: expected 1 or more, got " + each);
      }
    }
    SeriesTable table = read("DATA", source.data());
    SeriesTable scaling = scale == null ? null : read(SCALE, scale);
    try (Forecaster forecaster = Forecaster.open(source.files(), source.dtype())) {
      int ahead = wanted.horizon() == null ? forecaster.shape().ahead() : wanted.horizon();
      try {
        for (List<Column> chosen : forecaster.items(table, options.columns(table))) {
          cut(forecaster, table, scaling, chosen, ahead);
        }
      } catch (IllegalArgumentException e) {
        throw new BadInputException(source.data() + ": " + e.getMessage());
      }
      List<Slice> limited = source.limited(List.copyOf(slices));
      if (limited.isEmpty()) {
        throw new BadInputException(
            source.data()
                + ": expected at least "
                + (forecaster.shape().past() + ahead)
                + " steps, as the model reads and forecasts, got "
                + table.columns().getFirst().values().length);
      }
      List<List<Forecast>> said =
          source.answers(
              "forecast", limited, asked -> forecasts(forecaster, wanted, asked), List.of(), err());
      return measure(forecaster.shape().predicted(), ahead, limited, said);
    }
  }

  private static SeriesTable read(String option, Path file) {
    try {
      return SeriesTable.read(file);
    } catch (IOException e) {
      throw FileTrouble.of(option, file, e);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file + ": " + e.getMessage());
    }
  }

  private void cut(
      Forecaster forecaster,
      SeriesTable table,
      @Nullable SeriesTable scaling,
      List<Column> chosen,
      int ahead) {
    Series series = table.series(chosen);
    List<double[]> known =
        options.known().isEmpty()
            ? List.of()
            : List.of(table.series(table.chosen(options.known())).values());
    double[] scales =
        forecaster.shape().predicted().stream()
            .mapToDouble(value -> deviation(scaling, chosen.get(value).name()))
            .toArray();
    int step = stride == null ? ahead : stride;
    for (int at = forecaster.shape().past(); at + ahead <= series.length(); at += step) {
      slices.add(new Slice(series, known, scales, at));
    }
  }

  private double deviation(@Nullable SeriesTable scaling, String column) {
    if (scaling == null) {
      return 1;
    }
    try {
      return ForecastErrors.deviation(scaling.chosen(List.of(column)).getFirst().values());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(SCALE + ": " + e.getMessage());
    }
  }

  /** Together where all know the same, which is nothing. */
  private static List<List<Forecast>> forecasts(
      Forecaster forecaster, ForecastOptions wanted, List<Slice> asked) {
    if (asked.getFirst().known().isEmpty()) {
      return forecaster.forecast(asked.stream().map(Slice::past).toList(), wanted);
    }
    return asked.stream()
        .map(each -> forecaster.forecast(each.past(), wanted.knowing(each.known())))
        .toList();
  }

  private CorpusMeasure measure(
      List<Integer> predicted, int ahead, List<Slice> asked, List<List<Forecast>> said) {
    List<Window> windows = new ArrayList<>();
    slices.clear();
    for (int i = 0; i < asked.size(); i++) {
      if (!said.get(i).isEmpty()) {
        slices.add(asked.get(i)); // one that failed is counted, and has no error
        windows.add(window(predicted, ahead, asked.get(i), said.get(i)));
      }
    }
    if (windows.isEmpty()) {
      throw new BadInputException(source.data() + ": expected a forecast or more, got none");
    }
    return ForecastErrors.measure(windows);
  }

  private Window window(List<Integer> predicted, int ahead, Slice slice, List<Forecast> said) {
    double[][] seen = new double[predicted.size()][];
    double[][] came = new double[predicted.size()][];
    for (int v = 0; v < came.length; v++) {
      double[] all = slice.series().values()[predicted.get(v)];
      seen[v] = Arrays.copyOf(all, slice.start());
      came[v] = Arrays.copyOfRange(all, slice.start(), slice.start() + ahead);
    }
    SequencedMap<String, double[][]> ways = new LinkedHashMap<>();
    ways.put("", said.stream().map(Forecast::mean).toArray(double[][]::new));
    ways.put("repeat_last_", ForecastErrors.repeatLast(seen, ahead));
    TimeStep step = slice.series().step();
    int steps = season != null ? season : step == null ? 0 : step.usualSeason();
    if (steps > 0) {
      ways.put("seasonal_", ForecastErrors.seasonal(seen, steps, ahead));
    }
    return new Window(came, ways, slice.scales());
  }

  @Override
  Map<String, Object> told(int item) {
    Slice slice = slices.get(item);
    TimeStep step = slice.series().step();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("series", String.join(", ", slice.series().names()));
    told.put(
        "from",
        step == null ? slice.start() + 1 : step.write(slice.series().times().get(slice.start())));
    return told;
  }

  @Override
  Map<String, Double> further() {
    return source.further();
  }

  @Override
  int status() {
    return source.status();
  }
}
