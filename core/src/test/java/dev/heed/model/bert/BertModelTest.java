package dev.heed.model.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.bert.BertConfig.Positions;
import dev.heed.nn.Trace;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class BertModelTest {
  private static BertConfig config(Positions positions) {
    return new BertConfig(37, 15, 2, 3, 19, "gelu", 0.1, 0.1, 13, 2, 1e-12, 0, positions, null);
  }

  private static BertModel model(Positions positions) {
    return new BertModel(Weights.initialise(new Generator(7), DType.F64), config(positions), true);
  }

  @ParameterizedTest
  @EnumSource(Positions.class)
  void padding_never_matters(Positions positions) {
    try (TensorScope scope = TensorScope.open();
        BertModel model = model(positions)) {
      Tensor ids = Tensor.of(new long[] {5, 9, 2, 31, 8}, 1, 5);
      BertOutput alone = model.apply(new BertInput(ids, null, null), Trace.NONE);
      Tensor padded = Tensor.of(new long[] {5, 9, 2, 31, 8, 36, 11}, 1, 7);
      Tensor mask = Tensor.of(new boolean[] {true, true, true, true, true, false, false}, 1, 7);
      BertOutput beside = model.apply(new BertInput(padded, mask, null), Trace.NONE);
      TensorAssert.assertClose(
          beside.hidden().narrow(1, 0, 5), alone.hidden(), new Tolerance(1e-9, 1e-12));
      TensorAssert.assertClose(
          beside.requirePooled(), alone.requirePooled(), new Tolerance(1e-9, 1e-12));
    }
  }

  @ParameterizedTest
  @EnumSource(Positions.class)
  void texts_end_to_end_do_not_see_each_other(Positions positions) {
    long[][] texts = {{5, 9, 2}, {31, 8, 1}, {4}, {36, 11, 5, 9, 2}};
    try (TensorScope scope = TensorScope.open();
        BertModel model = model(positions)) {
      BertInput row = BertInput.endToEnd(List.of(texts));
      Tensor together = model.apply(row, Trace.NONE).hidden();
      long from = 0;
      for (long[] text : texts) {
        BertInput one = new BertInput(Tensor.of(text, 1, text.length), null, null);
        TensorAssert.assertClose(
            together.narrow(1, from, text.length),
            model.apply(one, Trace.NONE).hidden(),
            new Tolerance(1e-9, 1e-12));
        from += text.length;
      }
    }
  }

  @Test
  void texts_end_to_end_fill_exactly_one_row() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor ids = Tensor.of(new long[] {5, 9, 2}, 1, 3);
      assertThatThrownBy(() -> new BertInput(ids, null, null, List.of(2, 2)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("expected ids [1, 4] and no mask");
    }
  }

  @Test
  void a_text_of_padding_alone_gives_numbers() {
    try (TensorScope scope = TensorScope.open();
        BertModel model = model(Positions.ABSOLUTE)) {
      Tensor ids = Tensor.of(new long[] {0, 0, 0}, 1, 3);
      Tensor mask = Tensor.of(new boolean[] {false, false, false}, 1, 3);
      BertOutput output = model.apply(new BertInput(ids, mask, null), Trace.NONE);
      assertThat(output.hidden().isFinite().all().item()).isEqualTo(1);
    }
  }

  @Test
  void the_trace_sees_every_layer_and_changes_what_follows() {
    try (TensorScope scope = TensorScope.open();
        BertModel model = model(Positions.ABSOLUTE);
        Trace trace = Trace.record(point -> true)) {
      BertInput input = new BertInput(Tensor.of(new long[] {5, 9, 2}, 1, 3), null, null);
      BertOutput plain = model.apply(input, trace);
      assertThat(trace.values().keySet())
          .contains(
              "embeddings.hidden",
              "encoder.layer.1.attention.self.q",
              "encoder.layer.1.attention.self.k",
              "encoder.layer.1.attention.self.v",
              "encoder.layer.1.attention.self.scores",
              "encoder.layer.1.attention.self.pattern",
              "encoder.layer.1.attention.self.z",
              "encoder.layer.1.resid_post");
      Tensor pattern = trace.value("encoder.layer.1.attention.self.pattern");
      TensorAssert.assertClose(
          pattern.sum(-1, false),
          Tensor.ones(dev.heed.tensor.Shape.of(1, 3, 3), DType.F64),
          new Tolerance(1e-12, 0));
      try (Trace change =
          Trace.changing().replace("encoder.layer.1.attention.self.z", z -> z.mul(0))) {
        double moved = model.apply(input, change).hidden().sub(plain.hidden()).abs().max().item();
        assertThat(moved).isGreaterThan(1e-3);
      }
    }
  }

  @Test
  void longer_texts_than_there_are_positions_are_refused() {
    try (TensorScope scope = TensorScope.open();
        BertModel model = model(Positions.ABSOLUTE)) {
      BertInput input = new BertInput(Tensor.of(new long[14], 1, 14), null, null);
      assertThatThrownBy(() -> model.apply(input, Trace.NONE))
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
