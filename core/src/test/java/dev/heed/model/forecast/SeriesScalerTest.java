package dev.heed.model.forecast;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.TensorAssert;
import dev.heed.model.ModelConfig;
import dev.heed.model.forecast.SeriesScaler.Kind;
import dev.heed.model.forecast.SeriesScaler.Scale;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class SeriesScalerTest {
  private static SeriesScaler read(String json) {
    ModelConfig keys = new ModelConfig("config", JsonMapper.shared().readTree(json));
    return SeriesScaler.of(keys, Kind.STD, Kind.MEAN);
  }

  @Test
  void a_mean_is_that_of_what_was_observed_and_else_the_batch_s() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new double[] {1, -3, 100, 7, 7, 7, 0, 0, 0}, 3, 3);
      Tensor observed = Tensor.of(new double[] {1, 1, 0, 0, 0, 0, 1, 1, 1}, 3, 3);
      Scale found = read("{\"scaling\": \"mean\"}").of(x, observed);
      TensorAssert.assertValues(found.scale(), 2, 4.0 / 5, 1e-10);
      TensorAssert.assertValues(found.loc(), 0, 0, 0);
      Scale given =
          read("{\"scaling\": true, \"default_scale\": 9, \"minimum_scale\": 0.5}").of(x, observed);
      TensorAssert.assertValues(given.scale(), 2, 9, 0.5);
    }
  }

  @Test
  void a_deviation_has_a_least_variance_and_none_leaves_values() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new double[] {1, 3, 50, 4, 4, 4}, 2, 3);
      Tensor observed = Tensor.of(new double[] {1, 1, 0, 1, 1, 1}, 2, 3);
      Scale found = read("{}").of(x, observed);
      TensorAssert.assertValues(found.loc(), 2, 4);
      TensorAssert.assertValues(found.scale(), Math.sqrt(1 + 1e-5), Math.sqrt(1e-5));
      Scale plain = read("{\"scaling\": null}").of(x, observed);
      TensorAssert.assertValues(plain.scaled(x), 1, 3, 50, 4, 4, 4);
      TensorAssert.assertValues(found.unscaled(found.scaled(x)).select(0, 1), 4, 4, 4);
    }
  }

  @Test
  void what_cannot_be_meant_is_refused_by_name() {
    for (String json :
        new String[] {"{\"scaling\": \"max\"}", "{\"scaling_dim\": 2}", "{\"keepdim\": false}"}) {
      assertThatThrownBy(() -> read(json))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(json.substring(2, json.indexOf('"', 2)));
    }
    Assertions.assertThat(read("{\"scaling\": false}").kind()).isEqualTo(Kind.NONE);
    Assertions.assertThat(read("{\"scaling\": \"none\"}").kind()).isEqualTo(Kind.NONE);
  }
}
