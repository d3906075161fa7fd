package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.fixture.RecordedModels;
import dev.heed.model.Model;
import dev.heed.model.ModelInput;
import dev.heed.model.ModelLoader;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class NextTokenTest {
  private static final long[] IDS = {7, 3, 11, 5, 2, 13, 17, 4, 19};

  /** Plain, grouped, windowed (4 and 5 tokens), recurrent beside attention. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "gemma2", "mistral", "qwen3-next", "falcon-h1"})
  void it_is_what_a_whole_pass_gives(String name) {
    try (Model model = ModelLoader.of(RecordedModels.named(name)).as(DType.F64).load();
        TensorScope scope = TensorScope.inference();
        Trace trace = Trace.record(AttentionMap::needs)) {
      Tensor logits =
          model
              .apply(ModelInput.of("input_ids", Tensor.of(IDS, 1, IDS.length)), trace)
              .logits()
              .select(1, -1)
              .select(0, 0);
      double[] expected = logits.softmax(-1).toDoubleArray();
      NextToken next = NextToken.after(model, IDS, 5);

      assertThat(next.candidates()).hasSize(5);
      double most = Arrays.stream(expected).max().orElseThrow();
      assertThat(next.candidates().getFirst().probability()).isCloseTo(most, within(1e-9));
      next.candidates()
          .forEach(
              one -> assertThat(one.probability()).isCloseTo(expected[one.id()], within(1e-9)));

      List<Tensor> patterns =
          trace.values().values().stream().filter(one -> one.rank() == 4).toList();
      assertThat(next.looks()).hasNumberOfRows(patterns.size());
      for (int layer = 0; layer < patterns.size(); layer++) {
        for (int head = 0; head < next.looks()[layer].length; head++) {
          double[] row =
              patterns.get(layer).select(0, 0).select(0, head).select(0, -1).toDoubleArray();
          for (int key = 0; key < row.length; key++) {
            assertThat((double) next.looks()[layer][head][key]).isCloseTo(row[key], within(1e-6));
          }
        }
      }
    }
  }

  @Test
  void the_lens_ends_at_what_the_model_says() {
    try (Model model = ModelLoader.of(RecordedModels.named("gpt2")).as(DType.F64).load()) {
      NextToken next = NextToken.after(model, IDS, 3);
      assertThat(next.lens()).hasSize(3);
      assertThat(next.lens().getLast().candidates())
          .extracting(NextToken.Candidate::id)
          .isEqualTo(next.candidates().stream().map(NextToken.Candidate::id).toList());
      assertThat(next.lens().getLast().rank()).isZero();
      assertThat(next.lens().getLast().divergence()).isZero();
      try (TensorScope scope = TensorScope.inference()) {
        LogitLens whole =
            LogitLens.of(
                List.of("transformer.h.0.resid_pre", "transformer.h.1.resid_pre"),
                "transformer.h.1.resid_post",
                trace ->
                    model
                        .apply(ModelInput.of("input_ids", Tensor.of(IDS, 1, IDS.length)), trace)
                        .logits());
        double[] divergences =
            whole.divergenceFromFinal().select(-1, -1).flatten(0, -1).toDoubleArray();
        for (int i = 0; i < divergences.length; i++) {
          assertThat(next.lens().get(i).divergence()).isCloseTo(divergences[i], within(1e-9));
        }
      }
    }
  }

  @Test
  void what_is_kept_is_counted() {
    // gemma2: 3 layers of 2 key heads; windows of 4 in the outer ones, which keep 3 for the next
    try (Model model = ModelLoader.of(RecordedModels.named("gemma2")).as(DType.F32).load()) {
      List<NextToken.Kept> cache = NextToken.after(model, IDS, 1).cache();
      assertThat(cache).extracting(NextToken.Kept::taken).containsExactly(9L, 9L, 9L);
      assertThat(cache).extracting(NextToken.Kept::kept).containsExactly(3L, 9L, 3L);
      assertThat(cache.get(1).bytes()).isEqualTo(3 * cache.get(0).bytes());
    }
    try (Model model = ModelLoader.of(RecordedModels.named("mamba")).as(DType.F32).load()) {
      NextToken next = NextToken.after(model, IDS, 1);
      assertThat(next.looks()).isEmpty();
      assertThat(next.cache()).isNotEmpty().allMatch(kept -> kept.kept() == 0 && kept.bytes() > 0);
    }
  }

  @Test
  void one_token_looks_at_itself() {
    try (Model model = ModelLoader.of(RecordedModels.named("gpt2")).load()) {
      NextToken next = NextToken.after(model, new long[] {7}, 2);
      assertThat(next.looks()[1][2]).containsExactly(1f);
    }
  }

  @Test
  void what_does_not_write_is_refused() {
    try (Model model = ModelLoader.of(RecordedModels.named("bert")).load()) {
      assertThatThrownBy(() -> NextToken.after(model, IDS, 1))
          .hasMessageContaining("expected a decoder");
    }
    try (Model model = ModelLoader.of(RecordedModels.named("gpt2")).load()) {
      assertThatThrownBy(() -> NextToken.after(model, new long[0], 1))
          .hasMessageContaining("a token or more");
    }
    try (Model model = ModelLoader.of(RecordedModels.named("gpt2")).bare().load()) {
      assertThatThrownBy(() -> NextToken.after(model, IDS, 1))
          .hasMessageContaining("a model that scores tokens");
    }
  }
}
