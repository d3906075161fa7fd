package dev.heed.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.model.ModelFiles;
import dev.heed.task.Forecast;
import dev.heed.task.ForecastOptions;
import dev.heed.task.Forecaster;
import dev.heed.task.series.Series;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On the last 700 of the hours that were held out of ETTh1 (Zhou et al. 2021, CC BY-ND 4.0). */
@Tag("integration")
class Etth1Test {
  private static final int PAST = 336;
  private static final int AHEAD = 96;

  @Test
  void its_score_holds() throws IOException {
    double[][] hours = hours();
    double told = 0;
    double yesterday = 0;
    try (Forecaster forecaster = Forecaster.open(ModelFiles.carried("etth1"), null)) {
      for (double[] column : hours) {
        double variance = variance(column);
        for (int first = 0; first + PAST + AHEAD <= column.length; first += 48) {
          Series series = Series.of("hours", Arrays.copyOfRange(column, first, first + PAST));
          Forecast forecast = forecaster.forecast(series, ForecastOptions.USUAL).getFirst();
          for (int step = 0; step < AHEAD; step++) {
            double there = column[first + PAST + step];
            double off = forecast.mean()[step] - there;
            double before = column[first + PAST - 24 + step % 24] - there;
            told += off * off / variance;
            yesterday += before * before / variance;
          }
        }
      }
    }
    assertThat(told / yesterday).isLessThan(0.9);
  }

  private static double variance(double[] column) {
    double mean = Arrays.stream(column).average().orElseThrow();
    return Arrays.stream(column).map(value -> (value - mean) * (value - mean)).average().orElse(1);
  }

  /** By column. */
  private static double[][] hours() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(new ByteArrayInputStream(Samples.bytes("etth1-sample.csv.gz"))),
                StandardCharsets.UTF_8))) {
      List<String[]> rows = reader.lines().skip(1).map(row -> row.split(",")).toList();
      double[][] columns = new double[7][rows.size()];
      for (int step = 0; step < rows.size(); step++) {
        for (int column = 0; column < 7; column++) {
          columns[column][step] = Double.parseDouble(rows.get(step)[column + 1]);
        }
      }
      return columns;
    }
  }
}
