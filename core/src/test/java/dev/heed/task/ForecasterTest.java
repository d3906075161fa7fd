package dev.heed.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.GoldenFile;
import dev.heed.explain.Evidence;
import dev.heed.explain.Evidence.Aligned;
import dev.heed.model.Model;
import dev.heed.model.ModelFiles;
import dev.heed.model.ModelInput;
import dev.heed.model.forecast.SeriesShape;
import dev.heed.task.series.Series;
import dev.heed.task.series.TimeFeature;
import dev.heed.task.series.TimeStep;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("integration")
class ForecasterTest {
  private static final ForecastOptions HOURLY =
      ForecastOptions.USUAL
          .reading(List.of(TimeFeature.HOUR_OF_DAY, TimeFeature.AGE))
          .of(List.of(3L));

  static Path recorded(String name) throws Exception {
    return Path.of(
        Objects.requireNonNull(ForecasterTest.class.getResource("/golden/models/" + name)).toURI());
  }

  private static Series waves(SeriesShape shape, int length) {
    double[][] values = new double[shape.values()][length];
    List<LocalDateTime> times = new ArrayList<>();
    LocalDateTime first = LocalDateTime.of(2024, 2, 28, 5, 0);
    for (int t = 0; t < length; t++) {
      times.add(first.plusHours(t));
      for (int i = 0; i < shape.values(); i++) {
        values[i][t] = 20 + 5 * Math.sin(t / (3.0 + i)) + i;
      }
    }
    values[0][length - 2] = Double.NaN;
    List<String> names = IntStream.range(0, shape.values()).mapToObj(i -> "v" + i).toList();
    return new Series(names, values, times, TimeStep.of(times));
  }

  private static ForecastOptions options(SeriesShape shape) {
    return shape.timeFeatures() > 0 ? HOURLY : ForecastOptions.USUAL;
  }

  @ParameterizedTest
  @ValueSource(strings = {"patchtst", "patchtsmixer"})
  void the_forecast_is_what_the_model_says_of_what_was_observed(String name) throws Exception {
    Path folder = recorded(name);
    try (Forecaster forecaster = Forecaster.open(folder);
        Model model = Model.load(folder);
        TensorScope scope = TensorScope.open();
        GoldenFile file = GoldenFile.open(folder.resolve("golden.safetensors"))) {
      SeriesShape shape = forecaster.shape();
      Tensor past = file.read("input.past_values");
      Tensor seen = file.read("input." + shape.maskName());
      Tensor known = past.mul(seen.to(past.dtype()));
      ModelInput input = ModelInput.of("past_values", known).with(shape.maskName(), seen);
      Tensor expected = model.apply(input).require("prediction_outputs");
      for (int row = 0; row < past.size(0); row++) {
        double[][] values = new double[shape.values()][];
        for (int i = 0; i < values.length; i++) {
          values[i] = column(past, row, i);
          double[] there = column(seen, row, i);
          for (int t = 0; t < there.length; t++) {
            values[i][t] = there[t] == 0 ? Double.NaN : values[i][t];
          }
        }
        Series series = new Series(List.of("a", "b", "c"), values, List.of(), null);
        List<Forecast> told = forecaster.forecast(series, ForecastOptions.USUAL);
        for (int i = 0; i < told.size(); i++) {
          assertThat(told.get(i).mean()).containsExactly(column(expected, row, i), within(1e-4));
          assertThat(told.get(i).quantiles()).isEmpty();
          assertThat(told.get(i).times()).isEmpty();
        }
      }
    }
  }

  private static double[] column(Tensor x, int row, int number) {
    return x.to(DType.F64).select(0, row).select(1, number).contiguous().toDoubleArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"time-series-transformer", "informer", "autoformer", "patchtst", "patchtsmixer"})
  void series_read_together_get_what_each_gets_alone(String name) throws Exception {
    try (Forecaster forecaster = Forecaster.open(ModelFiles.folder(recorded(name)), DType.F64)) {
      SeriesShape shape = forecaster.shape();
      boolean goesOn = shape.predicted().size() == shape.values();
      ForecastOptions options = options(shape).ahead(goesOn ? shape.ahead() + 2 : shape.ahead());
      List<Series> all =
          IntStream.of(9, 4, 15).mapToObj(more -> waves(shape, shape.past() + more)).toList();
      List<List<Forecast>> together = forecaster.forecast(all, options);
      for (int i = 0; i < all.size(); i++) {
        List<Forecast> alone = forecaster.forecast(all.get(i), options);
        for (int v = 0; v < alone.size(); v++) {
          Forecast one = together.get(i).get(v);
          assertThat(one.times()).isEqualTo(alone.get(v).times());
          assertThat(one.mean()).containsExactly(alone.get(v).mean(), within(1e-9));
          alone
              .get(v)
              .quantiles()
              .forEach((share, values) ->
                  assertThat(one.quantiles().get(share)).containsExactly(values, within(1e-9)));
        }
      }
      assertThat(forecaster.forecast(List.of(), options)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"time-series-transformer", "informer", "autoformer", "patchtst", "patchtsmixer"})
  void every_forecaster_tells_and_shows(String name) throws Exception {
    try (Forecaster forecaster = Forecaster.open(recorded(name))) {
      SeriesShape shape = forecaster.shape();
      Series series = waves(shape, shape.past() + 9);
      ForecastOptions options = options(shape);
      List<Forecast> told = forecaster.forecast(series, options);
      assertThat(told).hasSize(shape.predicted().size());
      Forecast first = told.getFirst();
      assertThat(first.length()).isEqualTo(shape.ahead());
      assertThat(first.times().getFirst()).isEqualTo(series.times().getLast().plusHours(1));
      assertThat(Arrays.stream(first.mean())).allMatch(Double::isFinite);
      if (shape.samples() > 0) {
        double[] low = Objects.requireNonNull(first.quantiles().get(0.1));
        double[] high = Objects.requireNonNull(first.quantiles().get(0.9));
        for (int t = 0; t < low.length; t++) {
          assertThat(low[t]).isLessThan(high[t]);
        }
      }
      assertThat(forecaster.forecast(series, options).getFirst().mean()).isEqualTo(first.mean());
      Evidence evidence = forecaster.explain(series, options);
      assertThat(evidence.parts())
          .hasSize(shape.flat() ? 2 : shape.values())
          .allSatisfy(part -> {
            for (double[] row : ((Aligned) part).weights()) {
              // Autoformer fills a memory that is too short with zeros, and reads there too.
              double least = name.equals("autoformer") ? 0.5 : 1 - 1e-4;
              assertThat(Arrays.stream(row).sum()).isBetween(least, 1 + 1e-4);
            }
          });
    }
  }

  /** Futures go on from themselves: what comes first is what a shorter horizon has. */
  @ParameterizedTest
  @ValueSource(strings = {"time-series-transformer", "patchtst"})
  void a_horizon_cuts_or_goes_on(String name) throws Exception {
    try (Forecaster forecaster = Forecaster.open(recorded(name))) {
      SeriesShape shape = forecaster.shape();
      Series series = waves(shape, shape.past() + 1);
      ForecastOptions options = options(shape);
      double[] usual = forecaster.forecast(series, options).getFirst().mean();
      double[] less = forecaster.forecast(series, options.ahead(2)).getFirst().mean();
      Forecast more = forecaster.forecast(series, options.ahead(2 * shape.ahead() + 1)).getFirst();
      assertThat(less).isEqualTo(Arrays.copyOf(usual, 2));
      assertThat(Arrays.copyOf(more.mean(), usual.length)).isEqualTo(usual);
      assertThat(more.length()).isEqualTo(2 * shape.ahead() + 1);
      assertThat(more.times().getLast())
          .isEqualTo(series.times().getLast().plusHours(more.length()));
    }
  }

  /** A series that was scaled and moved is forecast scaled and moved. */
  @Test
  void a_forecast_is_on_the_scale_of_its_series() throws Exception {
    try (Forecaster forecaster =
        Forecaster.open(ModelFiles.folder(recorded("patchtst")), DType.F64)) {
      SeriesShape shape = forecaster.shape();
      Series series = waves(shape, shape.past());
      // What was not observed counts as nothing, on any scale.
      series.values()[0][shape.past() - 2] = 20;
      double[][] moved =
          Arrays.stream(series.values())
              .map(each -> Arrays.stream(each).map(x -> 1000 * x - 7).toArray())
              .toArray(double[][]::new);
      double[] plain = forecaster.forecast(series, ForecastOptions.USUAL).getFirst().mean();
      double[] other =
          forecaster
              .forecast(new Series(series.names(), moved, List.of(), null), ForecastOptions.USUAL)
              .getFirst()
              .mean();
      for (int t = 0; t < plain.length; t++) {
        assertThat(other[t]).isCloseTo(1000 * plain[t] - 7, within(0.1));
      }
    }
  }

  /** The age of a step given as a further number is what it is as a feature of its time. */
  @Test
  void numbers_that_are_known_ahead_stand_behind_those_of_times(@TempDir Path folder)
      throws Exception {
    Path from = recorded("time-series-transformer");
    Files.copy(from.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    Files.writeString(
        folder.resolve("config.json"),
        Files.readString(from.resolve("config.json"))
            .replace("\"num_dynamic_real_features\": 0", "\"num_dynamic_real_features\": 1")
            .replace("\"num_time_features\": 2", "\"num_time_features\": 1"));
    try (Forecaster plain = Forecaster.open(from);
        Forecaster knowing = Forecaster.open(folder)) {
      SeriesShape shape = plain.shape();
      Series series = waves(shape, shape.past() + 3);
      ForecastOptions far = HOURLY.ahead(shape.ahead() + 2);
      double[] ages =
          IntStream.range(0, series.length() + 2 * shape.ahead())
              .mapToDouble(TimeFeature::age)
              .toArray();
      ForecastOptions known = far.reading(List.of(TimeFeature.HOUR_OF_DAY)).knowing(List.of(ages));
      assertThat(knowing.forecast(series, known).getFirst().mean())
          .isEqualTo(plain.forecast(series, far).getFirst().mean());
      assertThat(knowing.explain(series, known).parts()).isNotEmpty();
      refused(knowing, series, known.knowing(List.of()), "known: expected 1 for a series");
      refused(plain, series, far.knowing(List.of(ages)), "known: expected 0 for a series");
      refused(
          knowing,
          series,
          known.knowing(List.of(Arrays.copyOf(ages, series.length() + 4))),
          "known: expected numbers of 12 steps after the series' 20, got 4");
      double[] gaps = ages.clone();
      gaps[series.length()] = Double.NaN;
      refused(knowing, series, known.knowing(List.of(gaps)), "got none of step 21");
    }
  }

  @Test
  void what_does_not_fit_is_said() throws Exception {
    try (Forecaster tst = Forecaster.open(recorded("time-series-transformer"));
        Forecaster patches = Forecaster.open(recorded("patchtst"))) {
      SeriesShape shape = tst.shape();
      Series series = waves(shape, shape.past());
      refused(tst, waves(shape, 16), HOURLY, "expected at least the 17 steps");
      refused(tst, series, ForecastOptions.USUAL.of(List.of(1L)), "time-features: expected the 2");
      refused(tst, series, HOURLY.of(List.of()), "category: expected 1");
      refused(tst, series, HOURLY.of(List.of(5L)), "expected values from 0 to 4");
      Series timeless = new Series(List.of("a"), series.values(), List.of(), null);
      refused(tst, timeless, HOURLY, "time-features: expected a series with at least two times");
      double[][] none = {new double[17]};
      Arrays.fill(none[0], Double.NaN);
      refused(
          tst,
          new Series(List.of("a"), none, series.times(), series.step()),
          HOURLY,
          "series a: expected a value among its last 17 steps");
      refused(patches, series, ForecastOptions.USUAL, "expected 3 values a step");
    }
    assertThatThrownBy(() -> Forecaster.open(recorded("bert-qa")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("for forecast a model whose name ends in ForPrediction");
    assertThatThrownBy(() -> ForecastOptions.USUAL.ahead(0))
        .hasMessageContaining("horizon: expected at least 1");
  }

  private static void refused(
      Forecaster forecaster, Series series, ForecastOptions options, String message) {
    assertThatThrownBy(() -> forecaster.forecast(series, options)).hasMessageContaining(message);
  }
}
