package dev.heed.cli.forecast;

import dev.heed.cli.BadInputException;
import dev.heed.cli.EvidenceFile;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ItemTrouble;
import dev.heed.cli.Lines;
import dev.heed.cli.ModelOption;
import dev.heed.cli.NamedFiles;
import dev.heed.cli.OutputFile;
import dev.heed.cli.Progress;
import dev.heed.explain.Evidence;
import dev.heed.explain.ForecastChart;
import dev.heed.explain.ForecastChart.Band;
import dev.heed.picture.ForecastPage;
import dev.heed.picture.ForecastPicture;
import dev.heed.task.Forecast;
import dev.heed.task.ForecastOptions;
import dev.heed.task.Forecaster;
import dev.heed.task.series.Series;
import dev.heed.task.series.SeriesTable;
import dev.heed.task.series.SeriesTable.Column;
import dev.heed.tensor.DType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code heed forecast}: what follows time series. */
@Command(
    name = "forecast",
    description = {
      "Say what follows time series: files of a row for each step and a column for each value, with"
          + " names in the first row.",
      "A model of one value a step forecasts each column alone, others all columns together. A"
          + " series that fails does not lose the others; the exit code is then 1."
    },
    footer = {
      "",
      "Examples:",
      "  heed forecast --model patchtst-etth1 ETTh1.csv --plot forecast.png",
      "  heed forecast --model tst sales.csv --column shop --horizon 12 --json"
    })
public final class ForecastCommand extends HeedCommand {
  private static final String PLOT = "--plot";
  private static final int MOST_SHOWN = 96;
  private static final int SPARK_COLUMNS = 48;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Files of series, as CSV; a folder stands for those in it, - for standard input.")
  private List<Path> files = List.of();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "A checkpoint's folder that predicts series.")
  private Path model = Path.of("");

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, bf16 or f16 (default: as stored).")
  private @Nullable DType dtype;

  @Option(
      names = "--column",
      paramLabel = "NAME,…",
      split = ",",
      hideParamSyntax = true,
      description = "The columns to forecast, in the order in which the model reads them.")
  private List<String> columns = List.of();

  @Option(
      names = PLOT,
      paramLabel = "FILE",
      description = "Draw history, forecast and the band of quantiles: a .html page or a .png.")
  private @Nullable Path plot;

  @Option(
      names = EvidenceFile.OPTION,
      paramLabel = "FILE",
      description = "Draw which steps or patches the model attended to: a .html page or a .png.")
  private @Nullable Path attention;

  @Mixin private ForecastOptionsMixin options = new ForecastOptionsMixin();

  /** One series that there is to forecast. */
  private record Item(Path file, SeriesTable table, List<Column> columns) {
    String name() {
      return String.join(", ", columns.stream().map(Column::name).toList());
    }
  }

  private final List<ForecastReport> reports = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private final List<Evidence.Part> parts = new ArrayList<>();

  @Override
  protected int run() {
    ForecastOptions wanted = options.options();
    OutputFile.check(PLOT, plot, ".html", ".png");
    EvidenceFile.check(attention);
    try (Forecaster forecaster = Forecaster.open(ModelOption.files("--model", model), dtype)) {
      List<Path> all = NamedFiles.of(files, "CSV", "csv|tsv");
      boolean alone = all.size() == 1;
      int failed = 0;
      for (Path file : all) {
        failed += forecast(forecaster, wanted, file, alone);
      }
      draw();
      if (json()) {
        printJson(reports);
      }
      out().flush();
      return failed == 0 ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
    }
  }

  /** All series of a file; returns how many failed. */
  private int forecast(Forecaster forecaster, ForecastOptions wanted, Path file, boolean alone) {
    List<Item> items;
    try {
      items = items(forecaster, file);
    } catch (BadInputException e) {
      if (alone) {
        throw e;
      }
      return fail(file, null, String.valueOf(e.getMessage()));
    }
    int failed = 0;
    try (Progress progress = new Progress("forecast", items.size())) {
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        try {
          tell(forecaster, wanted, item);
        } catch (RuntimeException e) {
          String message = ItemTrouble.explain(e);
          if (alone && items.size() == 1) {
            throw new BadInputException(file + ": " + message);
          }
          failed += fail(file, item.name(), message);
        }
        progress.accept(i + 1);
      }
    }
    return failed;
  }

  private int fail(Path file, @Nullable String series, String message) {
    reports.add(ForecastReport.failed(file.toString(), series, message));
    err().println("heed: " + (series == null ? "" : file + ", " + series + ": ") + message);
    return 1;
  }

  private List<Item> items(Forecaster forecaster, Path file) {
    try {
      SeriesTable table = read(file);
      return forecaster.items(table, columns(table)).stream()
          .map(chosen -> new Item(file, table, chosen))
          .toList();
    } catch (CharacterCodingException e) {
      throw new BadInputException(
          file + ": expected text in UTF-8, got other bytes; save or convert it as UTF-8 first");
    } catch (IOException e) {
      throw FileTrouble.of(null, file, e);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(file + ": " + e.getMessage());
    }
  }

  private static SeriesTable read(Path file) throws IOException {
    return file.toString().equals(Lines.STANDARD_INPUT)
        ? SeriesTable.read(
            new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8.newDecoder())))
        : SeriesTable.read(file);
  }

  /** Those that are forecast: where the user names none, all that are not known ahead. */
  private List<String> columns(SeriesTable table) {
    return columns.isEmpty() && !options.known().isEmpty()
        ? table.names().stream().filter(name -> !options.known().contains(name)).toList()
        : columns;
  }

  private void tell(Forecaster forecaster, ForecastOptions general, Item item) {
    Series given = item.table().series(item.columns());
    Series series = options.known().isEmpty() ? given : given.observed();
    ForecastOptions wanted =
        options.known().isEmpty()
            ? general
            : general.knowing(
                List.of(item.table().series(item.table().chosen(options.known())).values()));
    List<Forecast> forecasts = forecaster.forecast(series, wanted);
    if (attention != null) {
      parts.addAll(forecaster.explain(series, wanted).parts());
    }
    for (Forecast forecast : forecasts) {
      Band band = ForecastReport.band(series, forecast, MOST_SHOWN);
      bands.add(band);
      ForecastReport report = ForecastReport.of(item.file().toString(), series, forecast);
      reports.add(report);
      if (!json()) {
        report.print(
            out(), series, forecast, Sparkline.of(band.seen(), band.expected(), SPARK_COLUMNS));
      }
    }
  }

  private void draw() {
    if (plot != null) {
      requireSome(PLOT, bands.size());
      ForecastChart chart =
          new ForecastChart(
              "Forecast",
              "Black: the last steps. Blue: what is expected. The band lies between the lowest and"
                  + " the highest quantile.",
              bands);
      boolean page = isPage(plot);
      OutputFile.write(
          PLOT,
          plot,
          () ->
              page
                  ? ForecastPage.write(chart).getBytes(StandardCharsets.UTF_8)
                  : ForecastPicture.draw(chart));
      err().println("wrote " + plot);
    }
    if (attention != null) {
      requireSome(EvidenceFile.OPTION, parts.size());
      EvidenceFile.write(
          attention,
          () ->
              new Evidence(
                  "What the forecast looked at",
                  "Each row says where it looked: the mean over layers and heads. Strong colours"
                      + " are large weights.",
                  parts),
          err());
    }
  }

  private static void requireSome(String option, int count) {
    if (count == 0) {
      throw new BadInputException(option + ": expected a series to draw, got none");
    }
  }

  private static boolean isPage(@Nullable Path file) {
    return file != null && file.toString().toLowerCase(Locale.ROOT).endsWith(".html");
  }
}
