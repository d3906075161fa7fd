package dev.heed.model.dlinear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.ModelStart;
import dev.heed.model.forecast.SeriesModel;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Tag("unit")
class DLinearTest {
  private static final int PAST = 11;
  private static final int AHEAD = 3;
  private static final int WINDOW = 5;

  private final Generator random = new Generator(29);

  @AfterEach
  void close() {
    random.close();
  }

  private static ObjectNode config() {
    return (ObjectNode)
        JsonMapper.shared()
            .readTree(
                """
                {"architectures": ["DLinearForPrediction"], "model_type": "dlinear",
                 "num_input_channels": 2, "context_length": 11, "prediction_length": 3,
                 "moving_average": 5}
                """);
  }

  private SeriesModel model() {
    return (SeriesModel) ModelStart.fromNothing("a test", config(), DType.F64, random).model();
  }

  @Test
  void is_two_maps_of_a_trend_and_of_what_is_left() {
    try (TensorScope scope = TensorScope.inference();
        SeriesModel model = model()) {
      Tensor past = Tensor.randn(random, Shape.of(2, PAST, 2), DType.F64);
      Tensor future = Tensor.randn(random, Shape.of(2, AHEAD, 2), DType.F64);
      ModelOutput output =
          model.apply(ModelInput.of("past_values", past).with("future_values", future));
      double[] x = past.toDoubleArray();
      double[] wanted = future.toDoubleArray();
      double[] told = output.require("prediction_outputs").contiguous().toDoubleArray();
      double error = 0;
      for (int i = 0; i < 2; i++) {
        for (int step = 0; step < AHEAD; step++) {
          for (int column = 0; column < 2; column++) {
            int at = (i * AHEAD + step) * 2 + column;
            assertThat(told[at]).isCloseTo(naive(model, x, i, step, column), within(1e-12));
            error += (told[at] - wanted[at]) * (told[at] - wanted[at]);
          }
        }
      }
      assertThat(output.loss().item()).isCloseTo(error / told.length, within(1e-12));
      assertThat(model.futures(ModelInput.of("past_values", past), 4, random).shape())
          .isEqualTo(Shape.of(2, 1, AHEAD, 2));
    }
  }

  private static double[] weights(SeriesModel model, String name) {
    return Objects.requireNonNull(model.parameters().get(name)).toDoubleArray();
  }

  private static double naive(SeriesModel model, double[] x, int series, int step, int column) {
    double[] season = weights(model, "linear_seasonal.weight");
    double[] trend = weights(model, "linear_trend.weight");
    double sum =
        weights(model, "linear_seasonal.bias")[step] + weights(model, "linear_trend.bias")[step];
    for (int t = 0; t < PAST; t++) {
      double mean = 0;
      for (int near = t - WINDOW / 2; near <= t + WINDOW / 2; near++) {
        mean += x[(series * PAST + Math.clamp(near, 0, PAST - 1)) * 2 + column] / WINDOW;
      }
      double value = x[(series * PAST + t) * 2 + column];
      sum += season[step * PAST + t] * (value - mean) + trend[step * PAST + t] * mean;
    }
    return sum;
  }

  @Test
  void other_lengths_gaps_and_even_averages_are_refused() {
    try (TensorScope scope = TensorScope.inference();
        SeriesModel model = model()) {
      Tensor past = Tensor.randn(random, Shape.of(1, PAST, 2), DType.F64);
      ModelInput gaps =
          ModelInput.of("past_values", past).with("past_observed_mask", past.gt(0).to(DType.F64));
      assertThatThrownBy(() -> model.apply(gaps)).hasMessageContaining("past_observed_mask");
      ModelInput shorter = ModelInput.of("past_values", past.narrow(1, 0, 9));
      assertThatThrownBy(() -> model.apply(shorter))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("[B, 11, 2]");
    }
    ObjectNode even = config().put("moving_average", 4);
    assertThatThrownBy(() -> ModelStart.fromNothing("a test", even, DType.F32, random))
        .hasMessageContaining("moving_average: expected an odd number");
  }
}
