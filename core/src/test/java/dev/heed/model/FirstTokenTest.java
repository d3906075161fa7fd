package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A last layer of which a classifier reads the first token: scores, loss and gradients of all. */
@Tag("unit")
class FirstTokenTest {
  private static final Tolerance CLOSE = new Tolerance(1e-10, 1e-12);
  private static final int LAYERS = 2;

  @ParameterizedTest
  @CsvSource({
    "Bert, bert, absolute, true",
    "Roberta, roberta, absolute, true",
    "Bert, bert, relative_key, false",
  })
  void gives_what_the_whole_layer_gives(String name, String type, String positions, boolean cut) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(5);
        Model model =
            ModelStart.fromNothing("test", config(name, type, positions), DType.F64, random)
                .model()) {
      List<Tensor> parameters = new ArrayList<>(model.trainable().values());
      parameters.forEach(parameter -> parameter.requiresGrad(true));
      ModelOutput whole = model.apply(input(), Trace.NONE);
      List<Tensor> expected = Gradients.of(whole.loss(), parameters);
      for (boolean checkpointing : new boolean[] {false, true}) {
        String last = type + ".encoder.layer." + (LAYERS - 1) + ".resid_post";
        try (Generator dropout = new Generator(1);
            Trace trace = Trace.training(dropout, point -> !checkpointing && point.equals(last))) {
          ModelOutput own =
              model.apply(input(), checkpointing ? trace.checkpointing() : trace, Wanted.SCORES);
          TensorAssert.assertClose("logits", own.logits(), whole.logits(), CLOSE);
          List<Tensor> gradients = Gradients.of(own.loss(), parameters);
          for (int i = 0; i < gradients.size(); i++) {
            TensorAssert.assertClose("gradient " + i, gradients.get(i), expected.get(i), CLOSE);
          }
          assertThat(own.values()).doesNotContainKey("last_hidden_state");
          if (!checkpointing) {
            assertThat(trace.value(last).size(1)).isEqualTo(cut ? 1 : 7);
          }
        }
      }
    }
  }

  private static ModelInput input() {
    Tensor ids = Tensor.of(new long[] {5, 9, 3, 8, 2, 4, 6, 7, 11, 12, 5, 1, 1, 1}, 2, 7);
    Tensor mask = Tensor.of(new long[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0}, 2, 7);
    return ModelInput.of(
        Map.of("input_ids", ids, "attention_mask", mask, "labels", Tensor.of(new long[] {1, 0})));
  }

  private static ObjectNode config(String name, String type, String positions) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putArray("architectures").add(name + "ForSequenceClassification");
    json.put("model_type", type).put("vocab_size", 13).put("pad_token_id", 1);
    json.put("hidden_size", 12).put("num_hidden_layers", LAYERS).put("num_attention_heads", 3);
    json.put("intermediate_size", 17).put("max_position_embeddings", 11);
    json.put("type_vocab_size", 1).put("num_labels", 2).put("position_embedding_type", positions);
    json.put("hidden_dropout_prob", 0.0).put("attention_probs_dropout_prob", 0.0);
    return json;
  }
}
