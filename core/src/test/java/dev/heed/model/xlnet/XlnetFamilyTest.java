package dev.heed.model.xlnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.DecodeState;
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
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** XLNet's options. */
@Tag("unit")
class XlnetFamilyTest {
  private static final String SMALL =
      """
      {"model_type": "xlnet", "vocab_size": 23, "d_model": 12, "n_layer": 2, "n_head": 3,
       "d_inner": 17, "mem_len": 13}
      """;

  private final Generator random = new Generator(37);

  private Model model(String more) {
    ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(SMALL);
    config.setAll((ObjectNode) JsonMapper.shared().readTree(more));
    return ModelStart.fromNothing("test", config, DType.F64, random).model();
  }

  private Tensor words(long batch, long time) {
    return Tensor.randint(random, 23, Shape.of(batch, time));
  }

  private static Tensor states(Model model, Tensor ids) {
    return model.apply(ModelInput.of("input_ids", ids)).lastHiddenState();
  }

  @Test
  void the_second_half_of_a_batch_read_backwards_mirrors_the_first() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("{~bi_data~: true}".replace('~', '"'))) {
      Tensor text = words(1, 7);
      Tensor both = states(model, Tensor.cat(List.of(text, text.flip(1)), 0));
      TensorAssert.assertClose(
          both.narrow(0, 0, 1), both.narrow(0, 1, 1).flip(1), Tolerance.of(DType.F64));
    }
  }

  @Test
  void one_direction_sees_nothing_later() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("{~attn_type~: ~uni~}".replace('~', '"'))) {
      Tensor text = words(2, 7);
      Tensor other = Tensor.cat(List.of(text.narrow(1, 0, 4), words(2, 3)), 1);
      TensorAssert.assertClose(
          states(model, other).narrow(1, 0, 4),
          states(model, text).narrow(1, 0, 4),
          Tolerance.of(DType.F64));
    }
  }

  @Test
  void the_same_length_without_memory_is_each_token_alone() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("{~attn_type~: ~uni~, ~same_length~: true}".replace('~', '"'))) {
      Tensor text = words(1, 5);
      Tensor alone = states(model, text.narrow(1, 2, 1));
      TensorAssert.assertClose(states(model, text).narrow(1, 2, 1), alone, Tolerance.of(DType.F64));
    }
  }

  @Test
  void a_memory_takes_what_may_be_used_again_and_no_more_than_it_holds() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("{~mem_len~: 5, ~reuse_len~: 3}".replace('~', '"'))) {
      ModelOutput first = model.apply(ModelInput.of("input_ids", words(2, 7)));
      assertThat(first.require("mems.1").shape()).isEqualTo(Shape.of(3, 2, 12));
      ModelOutput next =
          model.apply(
              ModelInput.of("input_ids", words(2, 7))
                  .with("mems.0", first.require("mems.0"))
                  .with("mems.1", first.require("mems.1")));
      assertThat(next.require("mems.1").shape()).isEqualTo(Shape.of(5, 2, 12));
    }
  }

  @Test
  void a_text_beside_a_longer_one_goes_on_as_it_does_alone() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("{}")) {
      Tensor short1 = words(1, 4);
      Tensor next = words(1, 1);
      Tensor filled = Tensor.cat(List.of(short1.mul(0).narrow(1, 0, 3), short1), 1);
      Tensor batch = Tensor.cat(List.of(words(1, 7), filled), 0);
      long[] there = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1};
      Tensor mask = Tensor.of(there, 2, 8);
      Tensor both = Tensor.cat(List.of(words(1, 1), next), 0);
      List<Tensor> alone = new ArrayList<>();
      List<Tensor> beside = new ArrayList<>();
      try (DecodeState own = new DecodeState();
          DecodeState shared = new DecodeState()) {
        alone.add(model.apply(ModelInput.of("input_ids", short1).with(own)).logits());
        alone.add(model.apply(ModelInput.of("input_ids", next).with(own)).logits());
        ModelInput begin = ModelInput.of("input_ids", batch);
        beside.add(
            model.apply(begin.with("attention_mask", mask.narrow(1, 0, 7)).with(shared)).logits());
        ModelInput step = ModelInput.of("input_ids", both);
        beside.add(model.apply(step.with("attention_mask", mask).with(shared)).logits());
      }
      for (int i = 0; i < 2; i++) {
        TensorAssert.assertClose(
            beside.get(i).narrow(0, 1, 1), alone.get(i), Tolerance.of(DType.F64));
      }
    }
  }

  @Test
  void forgetting_activations_changes_no_gradient_and_no_output() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("{~dropout~: 0.0}".replace('~', '"'))) {
      Tensor target = Tensor.of(new double[] {0, 0, 0, 1, 0, 0, 0, 1, 0, 0}, 1, 2, 5);
      Tensor hidden = Tensor.eye(5, DType.F64).unsqueeze(0);
      ModelInput input =
          ModelInput.of("input_ids", words(1, 5))
              .with("target_mapping", target)
              .with("perm_mask", hidden)
              .with("labels", words(1, 2));
      List<Tensor> parameters = List.copyOf(model.trainable().values());
      Trace trace = Trace.training(random);
      ModelOutput plain = model.apply(input, trace, Wanted.ALL);
      ModelOutput anew = model.apply(input, trace.checkpointing(), Wanted.ALL);
      List<Tensor> expected = Gradients.of(plain.loss(), parameters);
      List<Tensor> actual = Gradients.of(anew.loss(), parameters);
      for (int i = 0; i < parameters.size(); i++) {
        TensorAssert.assertClose(actual.get(i), expected.get(i), Tolerance.of(DType.F64));
      }
      assertThat(anew.values().keySet()).isEqualTo(plain.values().keySet());
      assertThat(plain.require("attentions.1.1").shape()).isEqualTo(Shape.of(1, 3, 5, 5));
    }
  }

  @Test
  void what_heed_does_not_compute_is_refused_by_name() {
    assertThatThrownBy(() -> model("{~attn_type~: ~both~}".replace('~', '"')))
        .hasMessageContaining("attn_type");
    assertThatThrownBy(() -> model("{~summary_type~: ~attn~}".replace('~', '"')))
        .hasMessageContaining("summary_type");
    assertThatThrownBy(() -> model("{~n_head~: 5}".replace('~', '"')))
        .hasMessageContaining("n_head, d_head: expected heads that share d_model");
  }
}
