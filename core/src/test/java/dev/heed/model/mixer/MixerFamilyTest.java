package dev.heed.model.mixer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.DecodeState;
import dev.heed.checkpoint.CheckpointException;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelStart;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Tag("unit")
class MixerFamilyTest {
  private static final int VOCABULARY = 11;
  private static final int TIME = 13;
  private static final Tolerance CLOSE = new Tolerance(1e-4, 1e-5);

  static List<String> names() {
    return MixerFamily.names();
  }

  private static ObjectNode config(String mixer) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("model_type", "heed_mixer")
        .put("vocab_size", VOCABULARY)
        .put("hidden_size", 16)
        .put("intermediate_size", 24)
        .put("num_hidden_layers", 2)
        .put("num_attention_heads", 2)
        .put("max_position_embeddings", 32)
        .put("mixer_block", 4)
        .put("mixer_window", 4)
        .put("mixer_state", 4)
        .put("mixer", mixer)
        .set("architectures", JsonMapper.shared().createArrayNode().add("HeedMixerForCausalLM"));
  }

  private static Tensor tokens() {
    long[] ids = new long[2 * TIME];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i * 7 + i / 3) % VOCABULARY;
    }
    return Tensor.of(ids, 2, TIME);
  }

  /** Also with a row that is shorter, and token by token. */
  @ParameterizedTest
  @MethodSource("names")
  void each_looks_back_only_and_decodes_what_it_computes_at_once(String name) {
    try (TensorScope scope = TensorScope.inference();
        Generator random = new Generator(5);
        Model model = ModelStart.fromNothing(name, config(name), DType.F32, random).model()) {
      Tensor ids = tokens();
      Tensor whole = model.apply(ModelInput.of("input_ids", ids)).logits();
      assertThat(whole.shape().toArray()).containsExactly(2, TIME, VOCABULARY);
      Tensor first = ids.narrow(1, 0, 8);
      Tensor mask = Tensor.of(new long[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0}, 2, 8);
      Tensor padded =
          model.apply(ModelInput.of(Map.of("input_ids", first, "attention_mask", mask))).logits();
      TensorAssert.assertClose(padded.select(0, 0), whole.select(0, 0).narrow(0, 0, 8), CLOSE);
      TensorAssert.assertClose(
          padded.select(0, 1).narrow(0, 0, 5), whole.select(0, 1).narrow(0, 0, 5), CLOSE);
      try (DecodeState state = new DecodeState()) {
        for (int from = 0; from < TIME; from += from == 0 ? 8 : 1) {
          int count = from == 0 ? 8 : 1;
          Tensor next =
              model
                  .apply(ModelInput.of("input_ids", ids.narrow(1, from, count)).with(state))
                  .logits();
          TensorAssert.assertClose(next, whole.narrow(1, from, count), CLOSE);
        }
      }
    }
  }

  @Test
  void padding_before_a_token_is_refused() {
    try (TensorScope scope = TensorScope.inference();
        Generator random = new Generator(5);
        Model model = ModelStart.fromNothing("m", config("gru"), DType.F32, random).model()) {
      ModelInput input =
          ModelInput.of(
              Map.of(
                  "input_ids",
                  Tensor.of(new long[] {0, 1, 2}, 1, 3),
                  "attention_mask",
                  Tensor.of(new long[] {0, 1, 1}, 1, 3)));
      assertThatThrownBy(() -> model.apply(input))
          .hasMessageContaining("mixer.read: expected padding at the end of a row")
          .hasMessageContaining("one by one");
    }
  }

  @Test
  void wrong_values_are_refused_by_name() {
    assertRefused(config("oracle"), "mixer", "gru");
    assertRefused(config("linformer"), "mixer", "got linformer");
    assertRefused(config("reformer"), "mixer", "got reformer");
    assertRefused(config("gru").put("num_attention_heads", 3), "sizes", "heads that divide");
    assertRefused(config("gru").put("num_hidden_layers", 5000), "num_hidden_layers", "4096");
    assertRefused(config("gru").put("max_position_embeddings", 0), "sizes", "longest 0");
  }

  private static void assertRefused(ObjectNode config, String key, String more) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(5)) {
      assertThatThrownBy(() -> ModelStart.fromNothing("m", config, DType.F32, random))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining(key)
          .hasMessageContaining(more);
    }
  }
}
