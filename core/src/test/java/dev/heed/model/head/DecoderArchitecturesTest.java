package dev.heed.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelInput;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class DecoderArchitecturesTest {
  private static Model model(String architecture, String more) {
    String json =
        """
        {"model_type": "llama", "architectures": ["%s"], "vocab_size": 11, "hidden_size": 12,
         "intermediate_size": 7, "num_hidden_layers": 2, "num_attention_heads": 3,
         "num_labels": 5 %s}
        """
            .formatted(architecture, more);
    ModelConfig config = new ModelConfig("config.json", JsonMapper.shared().readTree(json));
    return ModelFamilies.of(config)
        .builder()
        .build(Weights.initialise(new Generator(3), DType.F64), config);
  }

  @Test
  void a_text_is_classified_by_its_last_token_that_is_no_padding() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("LlamaForSequenceClassification", ", \"pad_token_id\": 0")) {
      Tensor both = Tensor.of(new long[] {4, 7, 2, 9, 5, 3, 0, 0}, 2, 4);
      Tensor logits = model.apply(ModelInput.of("input_ids", both)).logits();
      Tensor alone =
          model.apply(ModelInput.of("input_ids", both.narrow(0, 1, 1).narrow(1, 0, 2))).logits();
      assertThat(logits.shape().toString()).isEqualTo("[2, 5]");
      TensorAssert.assertClose(logits.narrow(0, 1, 1), alone, new Tolerance(1e-9, 1e-12));
    }
  }

  @Test
  void several_texts_need_a_token_that_stands_for_padding() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("LlamaForSequenceClassification", "")) {
      Tensor one = Tensor.of(new long[] {4, 7, 2}, 1, 3);
      assertThat(model.apply(ModelInput.of("input_ids", one)).logits().size(1)).isEqualTo(5);
      Tensor two = Tensor.of(new long[] {4, 7, 2, 1}, 2, 2);
      assertThatThrownBy(() -> model.apply(ModelInput.of("input_ids", two)))
          .hasMessageContaining("pad_token_id");
    }
  }

  @Test
  void tokens_are_classified_and_answers_found() {
    Tensor ids;
    try (TensorScope scope = TensorScope.open();
        Model tokens = model("LlamaForTokenClassification", ", \"classifier_dropout\": 0.2");
        Model answers = model("LlamaForQuestionAnswering", "")) {
      ids = Tensor.of(new long[] {4, 7, 2}, 1, 3);
      assertThat(tokens.apply(ModelInput.of("input_ids", ids)).logits().shape().toString())
          .isEqualTo("[1, 3, 5]");
      assertThat(answers.apply(ModelInput.of("input_ids", ids)).values())
          .containsKeys("start_logits", "end_logits");
    }
  }
}
