package dev.heed.model.perceiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What the recordings do not cover: several blocks, classes, padding, texts that are too long. */
@Tag("unit")
class PerceiverTest {
  private final Generator random = new Generator(67);

  private Model build(String architecture) {
    String json =
        """
        {"model_type": "perceiver", "architectures": ["%s"], "num_latents": 5, "d_latents": 12,
         "d_model": 16, "num_blocks": 2, "num_self_attends_per_block": 3,
         "num_self_attention_heads": 3, "num_cross_attention_heads": 2, "vocab_size": 19,
         "cross_attention_shape_for_attention": "q", "max_position_embeddings": 11}
        """;
    ModelConfig config =
        new ModelConfig(
            "config",
            JsonMapper.shared().readTree(String.format(java.util.Locale.ROOT, json, architecture)));
    return ModelFamilies.of(config).builder().build(Weights.initialise(random, DType.F64), config);
  }

  @Test
  void blocks_share_parameters_and_have_states_of_their_own() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("PerceiverForMaskedLM")) {
      Tensor ids = Tensor.randint(random, 19, Shape.of(2, 7));
      ModelOutput output = model.apply(ModelInput.of("input_ids", ids), Trace.NONE, Wanted.ALL);
      assertThat(output.series("attentions")).hasSize(6);
      // The state between two blocks is the last of one and the first of the next.
      assertThat(output.series("hidden_states")).hasSize(8);
      assertThat(output.series("cross_attentions")).hasSize(2);
      assertThat(output.logits().shape()).isEqualTo(Shape.of(2, 11, 19));
      assertThat(model.parameters().keySet())
          .noneMatch(name -> name.contains("self_attends.3"))
          .anyMatch(name -> name.contains("self_attends.2"));
    }
  }

  @Test
  void padding_is_not_read() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("PerceiverForSequenceClassification")) {
      Tensor ids = Tensor.randint(random, 19, Shape.of(2, 6));
      Tensor more = Tensor.randint(random, 19, Shape.of(2, 3));
      ModelInput padded =
          ModelInput.of("input_ids", Tensor.cat(List.of(ids, more), 1))
              .with("attention_mask", Tensor.arange(9, DType.I64).lt(6).expand(2, 9));
      Tensor alone = model.apply(ModelInput.of("input_ids", ids)).logits();
      assertThat(alone.shape()).isEqualTo(Shape.of(2, 2));
      TensorAssert.assertClose(model.apply(padded).logits(), alone, Tolerance.of(DType.F64));
    }
  }

  @Test
  void a_text_that_is_too_long_is_refused() {
    try (TensorScope scope = TensorScope.open();
        Model model = build("PerceiverForMaskedLM")) {
      Tensor ids = Tensor.randint(random, 19, Shape.of(1, 12));
      assertThatThrownBy(() -> model.apply(ModelInput.of("inputs", ids)))
          .hasMessageContaining("text: expected at most 11 tokens, got 12");
    }
  }
}
