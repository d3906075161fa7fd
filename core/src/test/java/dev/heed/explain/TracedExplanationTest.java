package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What follows from the definitions, on a BERT of two layers and by hand. */
@Tag("integration")
class TracedExplanationTest {
  private static final Tolerance CLOSE = new Tolerance(1e-9, 1e-9);
  private static final String EMBEDDED = "bert.embeddings.hidden";

  private static Function<Trace, Tensor> score(ExplainedBert model, long... ids) {
    return trace -> {
      Tensor text = Tensor.of(ids, 1, ids.length);
      return model.logits(text, null, null, trace).select(0, 0).select(0, 1);
    };
  }

  @Test
  void patching_the_token_that_differs_gives_the_clean_score_and_any_other_changes_nothing() {
    try (TensorScope scope = TensorScope.open();
        ExplainedBert model = new ExplainedBert("bert-classify", DType.F64);
        ActivationPatching patching =
            ActivationPatching.of(
                Set.of(EMBEDDED), score(model, 2, 11, 7, 5, 3), score(model, 2, 11, 9, 5, 3))) {
      double[] scores = patching.positions(List.of(EMBEDDED)).toDoubleArray();
      assertThat(patching.clean()).isNotCloseTo(patching.corrupted(), within(1e-6));
      for (int position = 0; position < scores.length; position++) {
        assertThat(scores[position])
            .isCloseTo(position == 2 ? patching.clean() : patching.corrupted(), within(1e-12));
      }
      assertThat(patching.normalized(Tensor.of(scores, 1, 5)).toDoubleArray())
          .containsExactly(new double[] {0, 0, 1, 0, 0}, within(1e-9));
      assertThatThrownBy(() -> patching.heads(List.of(EMBEDDED)))
          .hasMessageContaining("expected 4 dimensions");
      assertThatThrownBy(() -> patching.positions(List.of("elsewhere")))
          .hasMessageContaining("got elsewhere");
    }
  }

  @Test
  void inputs_of_other_lengths_cannot_be_patched() {
    try (TensorScope scope = TensorScope.open();
        ExplainedBert model = new ExplainedBert("bert-classify", DType.F64);
        ActivationPatching patching =
            ActivationPatching.of(
                Set.of(EMBEDDED), score(model, 2, 11, 7, 3), score(model, 2, 11, 3))) {
      assertThatThrownBy(() -> patching.positions(List.of(EMBEDDED)))
          .hasMessageContaining("as many tokens in both inputs");
    }
  }

  @Test
  void the_lens_ends_with_the_model_itself() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(3)) {
      Tensor before = Tensor.randn(generator, Shape.of(2, 3, 5), DType.F64);
      Tensor map = Tensor.randn(generator, Shape.of(5, 7), DType.F64);
      Function<Trace, Tensor> model =
          trace -> {
            Tensor stream = trace.visit("0", before);
            return trace.visit("end", stream.mul(2)).matmul(map);
          };
      LogitLens lens = LogitLens.of(List.of("0"), "end", model);
      TensorAssert.assertClose("first", lens.logits().select(0, 0), before.matmul(map), CLOSE);
      TensorAssert.assertClose("last", lens.logits().select(0, 1), model.apply(Trace.NONE), CLOSE);
      assertThat(lens.rankOfFinal().select(0, 1).toLongArray()).containsOnly(0);
      // twice the logits choose the same tokens, only more surely
      assertThat(lens.top().select(0, 0).toLongArray())
          .isEqualTo(lens.top().select(0, 1).toLongArray());
      assertThat(lens.divergenceFromFinal().select(0, 1).abs().max().item())
          .isCloseTo(0, within(1e-12));
      assertThat(lens.divergenceFromFinal().select(0, 0).min().item()).isPositive();
    }
  }

  @Test
  void the_parts_of_a_stream_add_up_to_the_logit() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(4)) {
      Tensor heads =
          DirectLogitAttribution.heads(
              Tensor.randn(generator, Shape.of(2, 3, 4), DType.F64),
              Tensor.randn(generator, Shape.of(5, 12), DType.F64));
      Tensor rest = Tensor.randn(generator, Shape.of(2, 5), DType.F64);
      Tensor stream = rest.add(heads.sum(1, false));
      Tensor weight = Tensor.randn(generator, Shape.of(5), DType.F64);
      Tensor bias = Tensor.randn(generator, Shape.of(5), DType.F64);
      Tensor row = Tensor.randn(generator, Shape.of(2, 5), DType.F64);
      DirectLogitAttribution attribution =
          DirectLogitAttribution.of(
              stream,
              Map.of("heads", heads, "rest", rest),
              new DirectLogitAttribution.LastNorm(weight, bias, 1e-5),
              row);
      Tensor logit = stream.layerNorm(weight, bias, 1e-5).mul(row).sum(-1, false);
      Tensor sum = attribution.constant();
      for (Tensor part : attribution.parts().values()) {
        sum = sum.add(part.rank() == 1 ? part : part.sum(1, false));
      }
      TensorAssert.assertClose("total", attribution.total(), logit, CLOSE);
      TensorAssert.assertClose("sum", sum, logit, CLOSE);
    }
  }
}
