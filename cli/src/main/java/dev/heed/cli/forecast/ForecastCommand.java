package dev.heed.cli.forecast;

import dev.heed.cli.BadInputException;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.FileTrouble;
import dev.heed.cli.HeedCommand;
import dev.heed.cli.ItemTrouble;
import dev.heed.cli.Lines;
import dev.heed.cli.ModelOption;
import dev.heed.cli.NamedFiles;
import dev.heed.cli.Progress;
import dev.heed.cli.UsageException;
import dev.heed.explain.Evidence;
import dev.heed.explain.ForecastChart.Band;
import dev.heed.model.ModelFiles;
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
      "  heed forecast hours.csv               (96 steps from 336, of days of 24)",
      "  heed forecast --model patchtst-etth1 ETTh1.csv --plot forecast.png",
      "  heed forecast --model tst sales.csv --column shop --horizon 12 --json"
    })
public final class ForecastCommand extends HeedCommand {
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
      paramLabel = "DIR",
      description = "A checkpoint's folder that predicts series (default: the one Heed carries).")
  private @Nullable Path model;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, bf16 or f16 (default: as stored).")
  private @Nullable DType dtype;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "How many series the model reads together (default: ${DEFAULT-VALUE}).")
  private int batch = 16;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "How many futures are drawn (default: as the model's config says).")
  private @Nullable Integer samples;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of what is drawn (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--quantiles",
      paramLabel = "Q,…",
      split = ",",
      hideParamSyntax = true,
      description = "Which are told (default: 0.1,0.5,0.9).")
  private List<Double> quantiles = List.of(0.1, 0.5, 0.9);

  @Mixin private ForecastDrawing drawing = new ForecastDrawing();

  @Mixin private ForecastOptionsMixin options = new ForecastOptionsMixin();

  /** One series that there is to forecast. */
  private record Item(Path file, SeriesTable table, List<Column> columns) {
    String name() {
      return String.join(", ", columns.stream().map(Column::name).toList());
    }
  }

  private final List<ForecastReport> reports = new ArrayList<>();
  private final List<Item> waiting = new ArrayList<>();
  private int failed;

  private ModelFiles files() {
    return model == null ? ModelFiles.carried("etth1") : ModelOption.files("--model", model);
  }

  @Override
  protected int run() {
    if (batch < 1) {
      throw new UsageException("--batch: expected 1 or more, got " + batch);
    }
    ForecastOptions wanted = options.options(samples, seed, quantiles);
    drawing.check();
    try (Forecaster forecaster = Forecaster.open(files(), dtype)) {
      List<Path> all = NamedFiles.of(files, "CSV", "csv|tsv");
      if (all.size() == 1) {
        alone(forecaster, wanted, items(forecaster, all.getFirst()));
      } else {
        several(forecaster, wanted, all);
      }
      drawing.write(err());
      if (json()) {
        printJson(reports);
      }
      out().flush();
      return failed == 0 ? ExitStatus.OK : ExitStatus.CHECK_FAILED;
    }
  }

  /** The series of the only file; one alone that fails is what the command fails with. */
  private void alone(Forecaster forecaster, ForecastOptions wanted, List<Item> items) {
    if (items.size() == 1) {
      Item item = items.getFirst();
      try {
        tell(forecaster, wanted, items);
      } catch (RuntimeException e) {
        throw new BadInputException(item.file() + ": " + ItemTrouble.explain(e));
      }
      return;
    }
    try (Progress progress = new Progress("forecast", items.size())) {
      for (int i = 0; i < items.size(); i++) {
        add(forecaster, wanted, items.get(i));
        progress.accept(i + 1);
      }
      flush(forecaster, wanted);
    }
  }

  private void several(Forecaster forecaster, ForecastOptions wanted, List<Path> all) {
    try (Progress progress = new Progress("forecast", all.size())) {
      for (int i = 0; i < all.size(); i++) {
        try {
          items(forecaster, all.get(i)).forEach(item -> add(forecaster, wanted, item));
        } catch (BadInputException e) {
          flush(forecaster, wanted); // told in the order of the files
          fail(all.get(i), null, String.valueOf(e.getMessage()));
        }
        progress.accept(i + 1);
      }
      flush(forecaster, wanted);
    }
  }

  /** Waits for as many as are read together; what is known ahead is so of one file's series. */
  private void add(Forecaster forecaster, ForecastOptions wanted, Item item) {
    boolean other =
        !options.known().isEmpty()
            && !waiting.isEmpty()
            && waiting.getFirst().table() != item.table();
    if (other || waiting.size() == batch) {
      flush(forecaster, wanted);
    }
    waiting.add(item);
  }

  private void flush(Forecaster forecaster, ForecastOptions wanted) {
    List<Item> items = List.copyOf(waiting);
    waiting.clear();
    try {
      tell(forecaster, wanted, items);
    } catch (RuntimeException e) {
      // one that fails does not lose the others
      for (Item item : items) {
        try {
          tell(forecaster, wanted, List.of(item));
        } catch (RuntimeException own) {
          fail(item.file(), item.name(), ItemTrouble.explain(own));
        }
      }
    }
  }

  private void fail(Path file, @Nullable String series, String message) {
    reports.add(ForecastReport.failed(file.toString(), series, message));
    err().println("heed: " + (series == null ? "" : file + ", " + series + ": ") + message);
    failed++;
  }

  private List<Item> items(Forecaster forecaster, Path file) {
    try {
      SeriesTable table = read(file);
      return forecaster.items(table, options.columns(table)).stream()
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

  /** Forecasts series together; nothing is told where one of them fails. */
  private void tell(Forecaster forecaster, ForecastOptions general, List<Item> items) {
    if (items.isEmpty()) {
      return;
    }
    List<Series> series = items.stream().map(this::series).toList();
    SeriesTable table = items.getFirst().table();
    ForecastOptions wanted =
        options.known().isEmpty()
            ? general
            : general.knowing(List.of(table.series(table.chosen(options.known())).values()));
    List<List<Forecast>> forecasts = forecaster.forecast(series, wanted);
    List<Evidence> looked =
        drawing.wantsAttention()
            ? series.stream().map(each -> forecaster.explain(each, wanted)).toList()
            : List.of();
    looked.forEach(drawing::looked);
    for (int i = 0; i < items.size(); i++) {
      tell(items.get(i), series.get(i), forecasts.get(i));
    }
  }

  private Series series(Item item) {
    Series given = item.table().series(item.columns());
    return options.known().isEmpty() ? given : given.observed();
  }

  private void tell(Item item, Series series, List<Forecast> forecasts) {
    for (Forecast forecast : forecasts) {
      Band band = ForecastReport.band(series, forecast, MOST_SHOWN);
      drawing.add(band);
      ForecastReport report = ForecastReport.of(item.file().toString(), series, forecast);
      reports.add(report);
      if (!json()) {
        report.print(
            out(), series, forecast, Sparkline.of(band.seen(), band.expected(), SPARK_COLUMNS));
      }
    }
  }
}
