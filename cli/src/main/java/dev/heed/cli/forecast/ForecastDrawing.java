package dev.heed.cli.forecast;

import dev.heed.cli.BadInputException;
import dev.heed.cli.EvidenceFile;
import dev.heed.cli.Output;
import dev.heed.cli.OutputFile;
import dev.heed.explain.Evidence;
import dev.heed.explain.ForecastChart;
import dev.heed.explain.ForecastChart.Band;
import dev.heed.picture.ForecastPage;
import dev.heed.picture.ForecastPicture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is drawn of forecasts: a mixin of {@code --plot} and {@code --attention}. */
final class ForecastDrawing {
  private static final String PLOT = "--plot";

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

  private final List<Band> bands = new ArrayList<>();
  private final List<Evidence.Part> parts = new ArrayList<>();

  /** Refuses files of other kinds before there is work. */
  void check() {
    OutputFile.check(PLOT, plot, ".html", ".png");
    EvidenceFile.check(attention);
  }

  /** Whether {@link #looked} is to be told. */
  boolean wantsAttention() {
    return attention != null;
  }

  /** A forecast. */
  void add(Band band) {
    bands.add(band);
  }

  /** What it looked at. */
  void looked(Evidence evidence) {
    parts.addAll(evidence.parts());
  }

  /** Writes the files that are wanted. */
  void write(Output err) {
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
      err.println("wrote " + plot);
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
          err);
    }
  }

  private static void requireSome(String option, int count) {
    if (count == 0) {
      throw new BadInputException(option + ": expected a series to draw, got none");
    }
  }

  private static boolean isPage(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".html");
  }
}
