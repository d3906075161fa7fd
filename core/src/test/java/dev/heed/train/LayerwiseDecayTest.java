package dev.heed.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import dev.heed.train.optim.AdamW;
import dev.heed.train.optim.LayerwiseDecay;
import dev.heed.train.optim.ParameterGroup;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class LayerwiseDecayTest {
  @Test
  void each_layer_is_slower_than_the_one_above_it() {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> parameters = new LinkedHashMap<>();
      for (String name :
          List.of(
              "bert.embeddings.word_embeddings.weight",
              "bert.encoder.layer.0.output.dense.weight",
              "bert.encoder.layer.0.output.dense.bias",
              "bert.encoder.layer.1.output.dense.weight",
              "classifier.weight")) {
        parameters.put(name, Tensor.of(new float[] {1}));
      }
      List<ParameterGroup> groups =
          new LayerwiseDecay(0.5)
              .groups(parameters, List.of("classifier.weight"), new AdamW(0.1), 0.8, "bias");
      Map<String, Double> rates = new LinkedHashMap<>();
      groups.forEach(
          group -> group.parameters().keySet().forEach(name -> rates.put(name, group.rate())));
      assertThat(rates).hasSize(5);
      assertThat(rates.get("classifier.weight")).isCloseTo(0.8, within(1e-15));
      assertThat(rates.get("bert.encoder.layer.1.output.dense.weight"))
          .isCloseTo(0.4, within(1e-15));
      assertThat(rates.get("bert.encoder.layer.0.output.dense.weight"))
          .isCloseTo(0.2, within(1e-15));
      assertThat(rates.get("bert.embeddings.word_embeddings.weight")).isCloseTo(0.1, within(1e-15));
      for (ParameterGroup group : groups) {
        boolean bias = group.parameters().containsKey("bert.encoder.layer.0.output.dense.bias");
        assertThat(((AdamW) group.rule()).weightDecay()).isEqualTo(bias ? 0 : 0.1);
      }
    }
  }

  @Test
  void a_decay_that_is_no_share_is_refused() {
    assertThatThrownBy(() -> new LayerwiseDecay(1.5))
        .hasMessage("layer-wise decay: expected a share above 0, to 1, got 1.5");
  }
}
