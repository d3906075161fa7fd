package dev.heed.model.transformerxl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.DecodeState;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelStart;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Transformer-XL's options. */
@Tag("unit")
class TransformerXlFamilyTest {
  private static final String SMALL =
      """
      {"model_type": "transfo-xl", "vocab_size": 23, "cutoffs": [7, 11], "d_model": 12,
       "d_embed": 12, "n_head": 3, "d_head": 5, "d_inner": 17, "div_val": 2, "n_layer": 2,
       "mem_len": 7, "clamp_len": 5}
      """;

  private final Generator random = new Generator(31);

  private static ObjectNode config(String more) {
    ObjectNode config = (ObjectNode) JsonMapper.shared().readTree(SMALL);
    config.setAll((ObjectNode) JsonMapper.shared().readTree(more));
    return config;
  }

  private Model model(String more) {
    return ModelStart.fromNothing("test", config(more), DType.F64, random).model();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"pre_lnorm\": true, \"untie_r\": false}",
        "{\"div_val\": 1}",
        "{\"div_val\": 1, \"d_embed\": 9, \"tie_projs\": [true, false, true]}",
        "{\"cutoffs\": [], \"div_val\": 1, \"tie_word_embeddings\": false}",
        "{\"d_embed\": 20, \"proj_share_all_but_first\": false}",
      })
  void token_by_token_gives_what_the_whole_gives_and_probabilities_sum_to_one(String more) {
    try (TensorScope scope = TensorScope.open();
        Model model = model(more)) {
      Tensor ids = Tensor.randint(random, 23, Shape.of(2, 11));
      Tensor whole = model.apply(ModelInput.of("input_ids", ids)).logits();
      List<Tensor> steps = new ArrayList<>();
      try (DecodeState state = new DecodeState()) {
        for (int i = 0; i < 11; i++) {
          ModelInput step = ModelInput.of("input_ids", ids.narrow(1, i, 1)).with(state);
          steps.add(model.apply(step).logits());
        }
      }
      TensorAssert.assertClose(Tensor.cat(steps, 1), whole, Tolerance.of(DType.F64));
      Tensor sums = whole.exp().sum(-1, false);
      TensorAssert.assertClose(
          sums, Tensor.ones(Shape.of(2, 11), DType.F64), Tolerance.of(DType.F64));
      Tensor losses =
          model.apply(ModelInput.of("input_ids", ids).with("labels", ids)).require("losses");
      Tensor expected =
          whole.narrow(1, 0, 10).gather(-1, ids.narrow(1, 1, 10).unsqueeze(-1)).squeeze(-1).neg();
      TensorAssert.assertClose(losses, expected, Tolerance.of(DType.F64));
    }
  }

  @Test
  void what_one_call_remembers_goes_into_the_next() {
    try (TensorScope scope = TensorScope.open();
        Model model = model("{\"same_length\": false}")) {
      Tensor ids = Tensor.randint(random, 23, Shape.of(2, 9));
      var first = model.apply(ModelInput.of("input_ids", ids.narrow(1, 0, 4)));
      ModelInput next = ModelInput.of("input_ids", ids.narrow(1, 4, 5));
      List<Tensor> memory = first.series("mems");
      assertThat(memory).hasSize(2);
      assertThat(memory.getFirst().shape()).isEqualTo(Shape.of(7, 2, 12));
      Tensor given =
          model.apply(next.with("mems.0", memory.get(0)).with("mems.1", memory.get(1))).logits();
      try (DecodeState state = new DecodeState()) {
        model.apply(ModelInput.of("input_ids", ids.narrow(1, 0, 4)).with(state));
        TensorAssert.assertClose(
            model.apply(next.with(state)).logits(), given, Tolerance.of(DType.F64));
      }
    }
  }

  @Test
  void what_heed_does_not_compute_is_refused_by_name() {
    assertThatThrownBy(() -> model("{\"attn_type\": 1}")).hasMessageContaining("attn_type");
    assertThatThrownBy(() -> model("{\"sample_softmax\": 5}"))
        .hasMessageContaining("sample_softmax: expected -1");
    assertThatThrownBy(() -> model("{\"mem_len\": 0}")).hasMessageContaining("mem_len");
    assertThatThrownBy(() -> model("{\"cutoffs\": [11, 7]}"))
        .hasMessageContaining("cutoffs: expected rising numbers");
  }
}
