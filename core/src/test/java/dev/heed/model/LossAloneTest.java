package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.nn.loss.CrossEntropy;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A language model asked for its loss alone: that of its scores, and its gradients. */
@Tag("unit")
class LossAloneTest {
  private static final Tolerance CLOSE = new Tolerance(1e-10, 1e-12);
  private static final int ROWS = 3;
  private static final int TIME = 13;

  /** Many words: the scores of a few rows at a time. Few: those of the rows that count. */
  @ParameterizedTest
  @CsvSource({
    "LlamaForCausalLM, llama, 40009",
    "LlamaForCausalLM, llama, 37",
    "BertForMaskedLM, bert, 70001",
    "BertForMaskedLM, bert, 37",
    "Gemma2ForCausalLM, gemma2, 40009",
    "BartForConditionalGeneration, bart, 40009",
  })
  void is_that_of_all_scores(String architecture, String type, int words) {
    for (boolean none : new boolean[] {false, true}) {
      try (TensorScope scope = TensorScope.open();
          Generator random = new Generator(5);
          Model model =
              ModelStart.fromNothing("test", config(architecture, type, words), DType.F64, random)
                  .model()) {
        List<Tensor> parameters = new ArrayList<>(model.trainable().values());
        parameters.forEach(parameter -> parameter.requiresGrad(true));
        ModelInput input = input(words, none);
        Tensor expected = model.apply(input, Trace.NONE, Wanted.SCORES).loss();
        ModelOutput alone = model.apply(input, Trace.NONE, Wanted.LOSS);
        assertThat(alone.values()).doesNotContainKey("logits");
        if (none) {
          assertThat(expected.item()).isNaN();
          assertThat(alone.loss().item()).isNaN();
          continue;
        }
        TensorAssert.assertClose("loss", alone.loss(), expected, CLOSE);
        List<Tensor> gradients = Gradients.of(alone.loss(), parameters);
        List<Tensor> sure = Gradients.of(expected, parameters);
        for (int i = 0; i < gradients.size(); i++) {
          TensorAssert.assertClose("gradient " + i, gradients.get(i), sure.get(i), CLOSE);
        }
        ModelInput unlabelled = ModelInput.of("input_ids", input.require("input_ids"));
        assertThat(model.apply(unlabelled, Trace.NONE, Wanted.LOSS).logits().size(-1))
            .isEqualTo(words);
      }
    }
  }

  private static ModelInput input(int words, boolean none) {
    long[] ids = new long[ROWS * TIME];
    long[] labels = new long[ROWS * TIME];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 3 + (7919L * i) % (words - 3);
      labels[i] = none || i % 7 == 3 || i >= ids.length - 4 ? CrossEntropy.IGNORED : ids[i];
    }
    return ModelInput.of("input_ids", Tensor.of(ids, ROWS, TIME))
        .with("labels", Tensor.of(labels, ROWS, TIME));
  }

  private static ObjectNode config(String architecture, String type, int words) {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.putArray("architectures").add(architecture);
    json.put("model_type", type).put("vocab_size", words).put("pad_token_id", 1);
    json.put("max_position_embeddings", 32);
    if (type.equals("bart")) {
      json.put("d_model", 12).put("encoder_layers", 1).put("decoder_layers", 1);
      json.put("encoder_attention_heads", 3).put("decoder_attention_heads", 3);
      json.put("encoder_ffn_dim", 17).put("decoder_ffn_dim", 17).put("dropout", 0.0);
      json.put("decoder_start_token_id", 2);
      return json;
    }
    json.put("hidden_size", 12).put("num_hidden_layers", 2).put("num_attention_heads", 3);
    json.put("intermediate_size", 17);
    if (type.equals("bert")) {
      json.put("type_vocab_size", 1).put("hidden_dropout_prob", 0.0);
      json.put("attention_probs_dropout_prob", 0.0);
    } else {
      json.put("num_key_value_heads", 3).put("head_dim", 4);
    }
    return json;
  }
}
