package dev.heed.model.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.Model;
import dev.heed.model.ModelConfig;
import dev.heed.model.ModelFamilies;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelOutput;
import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class BertModelTest {
  private static final String HIDDEN = "last_hidden_state";
  private static final Tolerance CLOSE = new Tolerance(1e-9, 1e-12);

  private static Model model(Positions positions) {
    String config =
        """
        {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": 37, "hidden_size": 15,
         "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 19,
         "max_position_embeddings": 13, "position_embedding_type": "POSITIONS"}\
        """
            .replace("POSITIONS", positions.name().toLowerCase(Locale.ROOT));
    ModelConfig keys = new ModelConfig("test", JsonMapper.shared().readTree(config));
    return ModelFamilies.of(keys)
        .builder()
        .build(Weights.initialise(new Generator(7), DType.F64), keys);
  }

  private static ModelInput input(long... ids) {
    return ModelInput.of("input_ids", Tensor.of(ids, 1, ids.length));
  }

  @ParameterizedTest
  @EnumSource(Positions.class)
  void padding_never_matters(Positions positions) {
    try (TensorScope scope = TensorScope.open();
        Model model = model(positions)) {
      ModelOutput alone = model.apply(input(5, 9, 2, 31, 8));
      Tensor mask = Tensor.of(new boolean[] {true, true, true, true, true, false, false}, 1, 7);
      ModelOutput beside = model.apply(input(5, 9, 2, 31, 8, 36, 11).with("attention_mask", mask));
      TensorAssert.assertClose(
          beside.require(HIDDEN).narrow(1, 0, 5), alone.require(HIDDEN), CLOSE);
      TensorAssert.assertClose(
          beside.require("pooler_output"), alone.require("pooler_output"), CLOSE);
    }
  }

  @ParameterizedTest
  @EnumSource(Positions.class)
  void texts_end_to_end_do_not_see_each_other(Positions positions) {
    long[][] texts = {{5, 9, 2}, {31, 8, 1}, {4}, {36, 11, 5, 9, 2}};
    try (TensorScope scope = TensorScope.open();
        Model model = model(positions)) {
      Tensor documents = Tensor.of(new long[] {0, 0, 0, 1, 1, 1, 2, 3, 3, 3, 3, 3}, 1, 12);
      ModelInput row = input(5, 9, 2, 31, 8, 1, 4, 36, 11, 5, 9, 2).with("document_ids", documents);
      Tensor together = model.apply(row).require(HIDDEN);
      long from = 0;
      for (long[] text : texts) {
        TensorAssert.assertClose(
            together.narrow(1, from, text.length), model.apply(input(text)).require(HIDDEN), CLOSE);
        from += text.length;
      }
    }
  }

  @Test
  void a_text_of_padding_alone_gives_numbers() {
    try (TensorScope scope = TensorScope.open();
        Model model = model(Positions.ABSOLUTE)) {
      Tensor mask = Tensor.of(new boolean[] {false, false, false}, 1, 3);
      ModelOutput output = model.apply(input(0, 0, 0).with("attention_mask", mask));
      assertThat(output.require(HIDDEN).isFinite().all().item()).isEqualTo(1);
    }
  }

  @Test
  void the_trace_sees_every_layer_and_changes_what_follows() {
    try (TensorScope scope = TensorScope.open();
        Model model = model(Positions.ABSOLUTE);
        Trace trace = Trace.record(point -> true)) {
      ModelInput input = input(5, 9, 2);
      ModelOutput plain = model.apply(input, trace);
      assertThat(trace.values().keySet())
          .contains(
              "bert.embeddings.hidden",
              "bert.encoder.layer.1.attention.self.q",
              "bert.encoder.layer.1.attention.self.k",
              "bert.encoder.layer.1.attention.self.v",
              "bert.encoder.layer.1.attention.self.scores",
              "bert.encoder.layer.1.attention.self.pattern",
              "bert.encoder.layer.1.attention.self.z",
              "bert.encoder.layer.1.resid_post");
      Tensor pattern = trace.value("bert.encoder.layer.1.attention.self.pattern");
      TensorAssert.assertClose(
          pattern.sum(-1, false),
          Tensor.ones(dev.heed.tensor.Shape.of(1, 3, 3), DType.F64),
          new Tolerance(1e-12, 0));
      try (Trace change =
          Trace.changing().replace("bert.encoder.layer.1.attention.self.z", z -> z.mul(0))) {
        Tensor moved = model.apply(input, change).require(HIDDEN).sub(plain.require(HIDDEN));
        assertThat(moved.abs().max().item()).isGreaterThan(1e-3);
      }
    }
  }

  @Test
  void longer_texts_than_there_are_positions_are_refused() {
    try (TensorScope scope = TensorScope.open();
        Model model = model(Positions.ABSOLUTE)) {
      assertThatThrownBy(() -> model.apply(input(new long[14])))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("expected at most 13 tokens, got 14");
    }
  }

  @Test
  void a_config_outside_its_ranges_is_refused() {
    assertThatThrownBy(() ->
            new BertConfig(
                37, 16, 2, 3, 19, "gelu", 0, 0, 13, 2, 1e-12, 0, Positions.ABSOLUTE, null))
        .hasMessageContaining("expected a multiple of the 3 heads, got 16");
    assertThatThrownBy(() ->
            new BertConfig(
                37, 15, 2, 3, 19, "gelu", 1, 0, 13, 2, 1e-12, 0, Positions.ABSOLUTE, null))
        .hasMessageContaining("hidden_dropout_prob: expected a number in [0, 1), got 1.0");
  }
}
