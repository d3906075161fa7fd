package dev.heed.model.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.Overfit;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.ModelStart;
import dev.heed.model.Run.Wanted;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class RecurrentTranslatorTest {
  private static final long WORDS = 13;

  private final Generator random = new Generator(71);

  private Model model(String attention, int hidden, DType dtype) {
    var config = JsonMapper.shared().createObjectNode();
    config.put("model_type", "recurrent-translator").put("vocab_size", WORDS);
    config.put("hidden_size", hidden).put("num_layers", 2).put("attention", attention);
    config.putArray("architectures").add("RecurrentTranslatorForConditionalGeneration");
    return ModelStart.fromNothing("a test", config, dtype, random).model();
  }

  private Tensor words(long... sizes) {
    return Tensor.randint(random, WORDS - 1, Shape.of(sizes)).add(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bahdanau", "luong"})
  void learns_to_copy(String attention) {
    try (TensorScope scope = TensorScope.open();
        Model model = model(attention, 22, DType.F32)) {
      Tensor source = words(3, 5);
      assertThat(
              Overfit.loss(
                  List.of(model),
                  () ->
                      model.apply(ModelInput.of("input_ids", source).with("labels", source)).loss(),
                  80,
                  0.02))
          .isLessThan(0.1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bahdanau", "luong"})
  void reads_no_padding_and_looks_at_none(String attention) {
    try (TensorScope scope = TensorScope.open();
        Model model = model(attention, 14, DType.F64)) {
      Tensor source = words(1, 5);
      Tensor target = words(1, 3);
      ModelOutput alone = all(model, ModelInput.of("input_ids", source), target);
      Tensor filled = Tensor.cat(List.of(source, words(1, 2)), 1);
      Tensor mask = Tensor.of(new long[] {1, 1, 1, 1, 1, 0, 0}, 1, 7);
      ModelOutput beside =
          all(model, ModelInput.of("input_ids", filled).with("attention_mask", mask), target);
      TensorAssert.assertClose(beside.logits(), alone.logits(), Tolerance.of(DType.F64));
      Tensor weights = beside.series("cross_attentions").getFirst();
      assertThat(weights.shape()).isEqualTo(Shape.of(1, 1, 3, 7));
      assertThat(weights.narrow(3, 5, 2).abs().sum().item()).isZero();
      assertThat(weights.sum().item()).isCloseTo(3, within(1e-12));
    }
  }

  private static ModelOutput all(Model model, ModelInput input, Tensor target) {
    return model.apply(
        input.with("decoder_input_ids", target), Trace.NONE, new Wanted(false, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bahdanau", "luong"})
  void writes_without_seeing_what_follows(String attention) {
    try (TensorScope scope = TensorScope.open();
        Model model = model(attention, 14, DType.F64)) {
      Tensor source = words(2, 4);
      Tensor target = words(2, 6);
      Tensor whole = all(model, ModelInput.of("input_ids", source), target).logits();
      Tensor begun =
          all(model, ModelInput.of("input_ids", source), target.narrow(1, 0, 4)).logits();
      TensorAssert.assertClose(begun, whole.narrow(1, 0, 4), Tolerance.of(DType.F64));
    }
  }

  @Test
  void refuses_an_attention_that_it_does_not_know_and_halves_that_are_none() {
    try (TensorScope scope = TensorScope.open()) {
      assertThatThrownBy(() -> model("dot", 14, DType.F32))
          .hasMessageContaining("attention: bahdanau or luong")
          .hasMessageContaining("dot");
      assertThatThrownBy(() -> model("luong", 13, DType.F32))
          .hasMessageContaining("hidden_size: expected an even number")
          .hasMessageContaining("13");
    }
  }
}
