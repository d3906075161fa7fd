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
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forecasters over patches, in the options that recordings do not show. */
@Tag("unit")
class PatchForecastersTest {
  private static final String SIZES =
      """
      "context_length": 23, "patch_length": 5, "patch_stride": 3, "num_input_channels": 3,
      "prediction_length": 4, "d_model": 8
      """;

  private final Generator random = new Generator(37);

  private Tensor normal(long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64);
  }

  private SeriesModel tst(String head, String more) {
    return ForecastersFixture.build(
        "PatchTST" + head,
        "{\"model_type\": \"patchtst\", \"num_hidden_layers\": 2, \"ffn_dim\": 11, "
            + SIZES
            + more
            + "}",
        random);
  }

  private SeriesModel mixer(String head, String more) {
    return ForecastersFixture.build(
        "PatchTSMixer" + head,
        "{\"model_type\": \"patchtsmixer\", \"num_layers\": 2, " + SIZES + more + "}",
        random);
  }

  private void predicts(SeriesModel model, int values) {
    ModelInput past = ModelInput.of("past_values", normal(2, 23, 3).mul(3).add(9));
    Tensor future = normal(2, 4, 3).abs().mul(9).round();
    ModelOutput output = model.apply(past.with("future_values", future));
    Gradients.of(output.loss(), model.trainable().values().stream().toList());
    assertThat(output.loss().isFinite().all().item()).isEqualTo(1);
    int samples = model.shape().samples() == 0 ? 1 : 5;
    Tensor futures = model.futures(past, 5, random);
    assertThat(futures.shape()).isEqualTo(Shape.of(2, samples, 4, values));
    assertThat(futures.isFinite().all().item()).isEqualTo(1);
    assertThat(model.shape().predicted()).hasSize(values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ", \"loss\": \"nll\", \"pooling_type\": null",
        ", \"loss\": null, \"distribution_output\": \"normal\", \"share_projection\": false",
        ", \"loss\": \"nll\", \"distribution_output\": \"negative_binomial\", \"scaling\":"
            + " \"mean\"",
        ", \"channel_attention\": true, \"norm_type\": \"layernorm\", \"pre_norm\": false",
        ", \"channel_attention\": true, \"pooling_type\": \"max\", \"bias\": false",
        ", \"use_cls_token\": true, \"share_embedding\": false, \"scaling\": null",
        ", \"positional_encoding_type\": \"random\", \"share_projection\": false,"
            + " \"pooling_type\": null, \"activation_function\": \"relu\""
      })
  void patchtst_predicts_trains_and_draws(String more) {
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = tst("ForPrediction", more)) {
      predicts(model, 3);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3 | , \"mode\": \"mix_channel\", \"gated_attn\": false",
        "3 | , \"loss\": \"nll\", \"norm_mlp\": \"BatchNorm\", \"self_attn\": true",
        "2 | , \"prediction_channel_indices\": [2, 0], \"use_positional_encoding\": true",
        "1 | , \"loss\": \"nll\", \"distribution_output\": \"negative_binomial\","
            + " \"prediction_channel_indices\": [1], \"scaling\": \"mean\""
      })
  void patchtsmixer_predicts_trains_and_draws(int values, String more) {
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = mixer("ForPrediction", more)) {
      predicts(model, values);
    }
  }

  /** A mixer that predicts some values says of them what one that predicts all does. */
  @Test
  void chosen_values_are_those_of_all() {
    try (TensorScope scope = TensorScope.open();
        Generator one = new Generator(3);
        Generator two = new Generator(3)) {
      String json = "{\"model_type\": \"patchtsmixer\", " + SIZES;
      String chosen = ", \"prediction_channel_indices\": [2, 0]}";
      try (SeriesModel all =
              ForecastersFixture.build("PatchTSMixerForPrediction", json + "}", one);
          SeriesModel some =
              ForecastersFixture.build("PatchTSMixerForPrediction", json + chosen, two)) {
        ModelInput past = ModelInput.of("past_values", normal(2, 23, 3));
        Tensor whole = all.apply(past).require("prediction_outputs");
        TensorAssert.assertClose(
            some.apply(past).require("prediction_outputs"),
            whole.indexSelect(2, Tensor.of(new long[] {0, 2}, 2)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "forecast"})
  void hidden_patches_are_those_that_the_noise_says(String type) {
    String more =
        ", \"mask_type\": \""
            + type
            + "\", \"random_mask_ratio\": 0.4,"
            + " \"num_forecast_mask_patches\": [1, 3], \"unmasked_channel_indices\": [1],"
            + " \"mask_value\": 7, \"channel_consistent_masking\": false";
    try (TensorScope scope = TensorScope.open();
        SeriesModel tst = tst("ForPretraining", more);
        SeriesModel mixer = mixer("ForPretraining", more)) {
      boolean random = type.equals("random");
      Tensor noise = random ? normal(2, 3, 7) : Tensor.of(new double[] {0.9, 0.2}, 2);
      ModelInput past = ModelInput.of("past_values", normal(2, 23, 3)).with("noise", noise);
      for (SeriesModel model : new SeriesModel[] {tst, mixer}) {
        ModelOutput output = model.apply(past);
        boolean[] hidden = output.require("mask").contiguous().toBooleanArray();
        double[] given = noise.toDoubleArray();
        for (int i = 0; i < hidden.length; i++) {
          int row = i / 21;
          int channel = i / 7 % 3;
          boolean expected;
          if (random) {
            int rank = 0;
            for (int j = i / 7 * 7; j < i / 7 * 7 + 7; j++) {
              rank += given[j] < given[i] ? 1 : 0;
            }
            expected = rank >= 4; // ⌊7 · 0.6⌋ stay
          } else {
            // The second series comes first in the noise's order, and has one patch hidden.
            expected = i % 7 >= 7 - (row == 1 ? 1 : 3);
          }
          assertThat(hidden[i]).isEqualTo(expected && channel != 1);
        }
        assertThat(output.loss().item()).isGreaterThan(0);
        TensorAssert.assertEqual(
            model.apply(past.without("noise")).loss(), model.apply(past.without("noise")).loss());
      }
    }
  }

  @Test
  void heads_on_whole_series() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor past = normal(2, 23, 3);
      Tensor classes = Tensor.of(new long[] {0, 2}, 2);
      Tensor numbers = normal(2, 3);
      for (String more :
          new String[] {"", ", \"use_cls_token\": true", ", \"pooling_type\": \"max\""}) {
        heads(tst("ForClassification", ", \"num_targets\": 3" + more), past, classes);
        heads(tst("ForRegression", ", \"num_targets\": 3" + more), past, numbers);
      }
      for (String more :
          new String[] {
            ", \"head_aggregation\": null",
            ", \"head_aggregation\": \"use_last\", \"output_range\": [-2, 5]",
            ", \"head_aggregation\": \"avg_pool\", \"scaling\": null",
            ", \"loss\": \"nll\", \"self_attn\": true"
          }) {
        heads(mixer("ForTimeSeriesClassification", more), past, classes);
        heads(mixer("ForRegression", more), past, numbers);
      }
      heads(tst("ForRegression", ", \"num_targets\": 3, \"output_range\": [0, 1]"), past, numbers);
    }
  }

  private void heads(SeriesModel made, Tensor past, Tensor targets) {
    try (SeriesModel model = made) {
      ModelInput input = ModelInput.of("past_values", past);
      ModelOutput output = model.apply(input.with("target_values", targets));
      assertThat(output.loss().item()).isFinite();
      assertThatThrownBy(() -> model.futures(input, 3, random))
          .hasMessageContaining("forecast: expected a model that predicts");
    }
  }

  @Test
  void weights_are_those_of_patches_and_of_values() {
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = tst("Model", ", \"channel_attention\": true");
        SeriesModel mixer = mixer("Model", ", \"self_attn\": true, \"self_attn_heads\": 2")) {
      ModelInput input = ModelInput.of("past_values", normal(2, 23, 3));
      ModelOutput shown = model.apply(input, Trace.NONE, new Wanted(true, true));
      assertThat(shown.require("attentions.1").shape()).isEqualTo(Shape.of(6, 4, 7, 7));
      assertThat(shown.require("channel_attentions.1").shape()).isEqualTo(Shape.of(14, 4, 3, 3));
      TensorAssert.assertClose(
          shown.lastHiddenState(), model.apply(input).lastHiddenState(), Tolerance.of(DType.F64));
      assertThat(
              mixer
                  .apply(input, Trace.NONE, new Wanted(false, true))
                  .require("attentions.0")
                  .shape())
          .isEqualTo(Shape.of(6, 2, 7, 7));
    }
  }

  @Test
  void what_makes_no_model_is_refused_by_name() {
    Map.of(
            ", \"patch_length\": 23", "context_length: expected more than patch_length",
            ", \"norm_type\": \"rms\"", "norm_type",
            ", \"mask_type\": \"none\"", "mask_type",
            ", \"loss\": \"mae\"", "loss",
            ", \"random_mask_ratio\": 1.0", "random_mask_ratio",
            ", \"mask_type\": \"forecast\", \"num_forecast_mask_patches\": 7",
                "num_forecast_mask_patches: expected numbers from 1 to 6")
        .forEach((more, message) ->
            assertThatThrownBy(() -> tst("ForPretraining", more)).hasMessageContaining(message));
    assertThatThrownBy(() -> tst("ForRegression", ", \"pooling_type\": null"))
        .hasMessageContaining("pooling_type: expected mean or max");
    assertThatThrownBy(() -> tst("ForRegression", ", \"output_range\": [1]"))
        .hasMessageContaining("output_range");
    Map.of(
            ", \"norm_mlp\": \"rms\"", "norm_mlp: expected LayerNorm or BatchNorm",
            ", \"mode\": \"flatten\"", "mode",
            ", \"num_patches\": 8", "num_patches",
            ", \"prediction_channel_indices\": [3]", "prediction_channel_indices",
            ", \"head_aggregation\": \"sum\"", "head_aggregation")
        .forEach((more, message) ->
            assertThatThrownBy(() -> mixer("ForPrediction", more)).hasMessageContaining(message));
    try (TensorScope scope = TensorScope.open();
        SeriesModel model = tst("Model", "")) {
      assertThatThrownBy(() -> model.apply(ModelInput.of("past_values", normal(2, 22, 3))))
          .hasMessageContaining("past_values: expected [B, 23, C]");
      assertThatThrownBy(() -> model.apply(ModelInput.of("past_values", normal(2, 23, 2))))
          .hasMessageContaining("past_values: expected [B, 23, 3]");
    }
  }
}
