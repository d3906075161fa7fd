package dev.heed.model.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forecasters with lags, in the options that recordings do not show. */
@Tag("unit")
class LaggedForecastersTest {
  private static final Map<String, String> NAMES =
      Map.of(
          "time_series_transformer", "TimeSeriesTransformer",
          "informer", "Informer",
          "autoformer", "Autoformer");

  private final Generator random = new Generator(29);

  private SeriesModel build(String type, String head, String more) {
    String label = type.equals("autoformer") ? ", \"label_length\": 3, \"moving_average\": 5" : "";
    return ForecastersFixture.build(
        NAMES.get(type) + head,
        "{\"model_type\": \""
            + type
            + """
            ", "prediction_length": 5, "context_length": 7, "lags_sequence": [1, 3],
             "num_time_features": 2, "num_dynamic_real_features": 1, "d_model": 12,
             "num_static_categorical_features": 2, "cardinality": [3, 11],
             "num_static_real_features": 2, "encoder_layers": 2
            """
            + label
            + more
            + "}",
        random);
  }

  private Tensor normal(long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64);
  }

  private ModelInput past(int values) {
    Tensor past = values == 1 ? normal(2, 10) : normal(2, 10, values);
    return ModelInput.of("past_values", past.mul(4).add(20))
        .with("past_time_features", normal(2, 10, 3))
        .with("future_time_features", normal(2, 5, 3))
        .with("static_real_features", normal(2, 2))
        .with("static_categorical_features", Tensor.of(new long[] {0, 10, 2, 4}, 2, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "time_series_transformer, student_t, mean, 1",
    "time_series_transformer, normal, std, 3",
    "time_series_transformer, negative_binomial, mean, 2",
    "informer, student_t, std, 3",
    "informer, normal, none, 1",
    "autoformer, student_t, mean, 1",
    "autoformer, normal, std, 3",
    "autoformer, negative_binomial, mean, 2"
  })
  void predicts_trains_and_draws(String type, String distribution, String scaling, int values) {
    String more =
        ", \"distribution_output\": \"%s\", \"scaling\": \"%s\", \"input_size\": %d"
            .replace("%d", String.valueOf(values))
            .replaceFirst("%s", distribution)
            .replaceFirst("%s", scaling);
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = build(type, "ForPrediction", more)) {
      ModelInput past = past(values);
      Tensor future = values == 1 ? normal(2, 5) : normal(2, 5, values);
      Tensor seen = future.mul(0).add(1);
      seen.select(0, 1).narrow(0, 3, 2).fill(0);
      ModelInput labelled =
          past.with("future_values", future.abs().mul(9).round())
              .with("future_observed_mask", seen);
      ModelOutput output = model.apply(labelled);
      Gradients.of(output.loss(), model.trainable().values().stream().toList());
      assertThat(output.series("params").getFirst().shape()).isEqualTo(future.shape());
      assertThat(output.loss().isFinite().all().item()).isEqualTo(1);
      Tensor drawn = model.futures(past, 6, random);
      assertThat(drawn.shape()).isEqualTo(Shape.of(2, 6, 5, values));
      assertThat(drawn.isFinite().all().item()).isEqualTo(1);
      assertThat(model.shape().past()).isEqualTo(10);
    }
  }

  /** Each step is drawn from what a run over all drawn steps says of it. */
  @ParameterizedTest
  @CsvSource({"time_series_transformer, ''", "informer, '\"attention_type\": \"full\", '"})
  void drawing_step_by_step_equals_a_whole_pass(String type, String attention) {
    String more = ", " + attention + "\"distribution_output\": \"normal\"";
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = build(type, "ForPrediction", more);
        Generator first = new Generator(5);
        Generator second = new Generator(5)) {
      ModelInput past = past(1);
      Tensor drawn = model.futures(past, 1, first).reshape(2, 5);
      List<Tensor> whole = model.apply(past.with("future_values", drawn)).series("params");
      ModelOutput known = model.apply(past);
      for (int step = 0; step < 5; step++) {
        Tensor noise = Tensor.randn(second, Shape.of(2, 1), DType.F64);
        Tensor own =
            noise
                .mul(whole.get(1).narrow(1, step, 1))
                .add(whole.get(0).narrow(1, step, 1))
                .mul(known.require("scale"))
                .add(known.require("loc"));
        TensorAssert.assertClose(drawn.narrow(1, step, 1), own, new Tolerance(1e-9, 1e-9));
      }
    }
  }

  @Test
  void a_bare_model_gives_states_and_no_forecast() {
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = build("informer", "Model", "")) {
      ModelOutput output = model.apply(past(1).with("future_values", normal(2, 5)));
      assertThat(output.lastHiddenState().shape()).isEqualTo(Shape.of(2, 5, 12));
      assertThat(output.get("params.0")).isNull();
      assertThatThrownBy(() -> model.futures(past(1), 3, random))
          .hasMessageContaining("forecast: expected a model that predicts");
    }
  }

  @Test
  void what_does_not_fit_is_refused_by_name() {
    Map.of(
            ", \"feature_size\": 7", "feature_size: expected",
            ", \"loss\": \"mse\"", "loss",
            ", \"distribution_output\": \"gamma\"", "distribution_output",
            ", \"embedding_dimension\": [3]", "embedding_dimension: expected 2",
            ", \"lags_sequence\": []", "lags_sequence",
            ", \"attention_type\": \"prob\"", "attention_type")
        .forEach((more, message) ->
            assertThatThrownBy(() -> build("time_series_transformer", "ForPrediction", more))
                .as(more)
                .hasMessageContaining(message));
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = build("time_series_transformer", "ForPrediction", "")) {
      ModelInput past = past(1);
      assertThatThrownBy(() -> model.apply(past.with("past_values", normal(2, 9))))
          .hasMessageContaining("past_values: expected 10 steps");
      Tensor beyond = Tensor.of(new long[] {0, 10, 3, 4}, 2, 2);
      assertThatThrownBy(() -> model.apply(past.with("static_categorical_features", beyond)))
          .hasMessageContaining("static_categorical_features: expected values from 0 to 2");
      assertThatThrownBy(() -> model.apply(past.without("past_time_features")))
          .hasMessageContaining("past_time_features");
    }
  }

  /** What stands beside a series in a batch does not matter, except as the reference has it. */
  @Test
  void an_autoformer_reads_each_series_alone() {
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = build("autoformer", "Model", "")) {
      ModelInput both = past(1).with("future_values", normal(2, 5));
      ModelInput second =
          ModelInput.of(
              both.tensors().entrySet().stream()
                  .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().narrow(0, 1, 1))));
      Tensor together = model.apply(both).lastHiddenState().narrow(0, 1, 1);
      Tensor alone = model.apply(second).lastHiddenState();
      Tolerance close = new Tolerance(1e-9, 1e-9);
      TensorAssert.assertClose(together, alone, close);
      TensorAssert.assertClose(model.asRecorded().apply(second).lastHiddenState(), alone, close);
      Tensor recorded = model.asRecorded().apply(both).lastHiddenState().narrow(0, 1, 1);
      assertThat(recorded.sub(alone).abs().max().item()).isGreaterThan(1e-3);
    }
  }

  @Test
  void an_autoformer_shows_where_it_reads() {
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = build("autoformer", "Model", "")) {
      ModelOutput output =
          model.apply(
              past(1).with("future_values", normal(2, 5)), Trace.NONE, new Wanted(false, true));
      Tensor own = output.require("encoder_attentions.1");
      assertThat(own.shape()).isEqualTo(Shape.of(2, 2, 7, 7));
      assertThat(own.sum(-1, false).sub(1).abs().max().item()).isLessThan(1e-12);
      assertThat(output.require("cross_attentions.0").shape()).isEqualTo(Shape.of(2, 2, 8, 7));
    }
  }

  @Test
  void an_autoformer_that_makes_no_model_is_refused() {
    assertThatThrownBy(() -> build("autoformer", "Model", ", \"moving_average\": 4"))
        .hasMessageContaining("moving_average: expected an odd number");
    assertThatThrownBy(() -> build("autoformer", "Model", ", \"label_length\": 8"))
        .hasMessageContaining("label_length: expected at most the context of 7");
  }
}
