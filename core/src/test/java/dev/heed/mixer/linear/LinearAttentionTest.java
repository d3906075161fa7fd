package dev.heed.mixer.linear;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.StepwiseForm;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Weights;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class LinearAttentionTest {
  private static final long SEED = 11;

  /** Lengths below, at and beyond one chunk of 32. */
  @ParameterizedTest
  @ValueSource(longs = {1, 31, 32, 33, 97})
  void the_recurrence_equals_the_parallel_form(long steps) {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      LinearAttention attention = LinearAttention.transformer(true);
      Tensor q = normal(random, steps, 5);
      Tensor k = normal(random, steps, 5);
      Tensor v = normal(random, steps, 7);
      Tensor parallel = attention.apply(q, k, v, null);
      List<Tensor> outputs = new ArrayList<>();
      LinearAttention.State state = attention.start(k.narrow(2, 0, 1), v.narrow(2, 0, 1));
      for (int i = 0; i < steps; i++) {
        LinearAttention.Step step =
            attention.step(q.narrow(2, i, 1), k.narrow(2, i, 1), v.narrow(2, i, 1), state);
        outputs.add(step.output());
        state = step.state();
      }
      assertClose(Tensor.cat(outputs, 2), parallel);
    }
  }

  @Test
  void the_causal_form_is_the_masked_matrix_product_with_its_gradients() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      LinearAttention attention = LinearAttention.transformer(true);
      Tensor q = normal(random, 71, 5).requiresGrad(true);
      Tensor k = normal(random, 71, 5).requiresGrad(true);
      Tensor v = normal(random, 71, 3).requiresGrad(true);
      Tensor seed = normal(random, 71, 3);
      Tensor chunked = attention.apply(q, k, v, null);
      Tensor whole = attention.weights(q, k, null).matmul(v);
      assertClose(chunked, whole);
      List<Tensor> got = Gradients.of(chunked, seed, List.of(q, k, v));
      List<Tensor> expected = Gradients.of(whole, seed, List.of(q, k, v));
      for (int i = 0; i < 3; i++) {
        assertClose(got.get(i), expected.get(i));
      }
    }
  }

  @Test
  void changing_the_future_changes_nothing_before_it() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor projection =
          OrthogonalProjection.draw(random, 13, 5, OrthogonalProjection.Length.GAUSSIAN, DType.F64);
      for (LinearAttention attention :
          List.of(
              LinearAttention.transformer(true),
              Performer.softmax(projection, true),
              Performer.relu(projection, true))) {
        Tensor q = normal(random, 47, 5);
        Tensor k = normal(random, 47, 5);
        Tensor v = normal(random, 47, 3);
        Tensor before = attention.apply(q, k, v, null).narrow(2, 0, 41);
        Tensor after =
            attention
                .apply(futureChanged(q, random), futureChanged(k, random), v, null)
                .narrow(2, 0, 41);
        assertEqual(after, before);
      }
    }
  }

  private static Tensor futureChanged(Tensor x, Generator random) {
    Tensor future = Tensor.randn(random, Shape.of(2, 3, 6, x.size(3)), DType.F64).mul(3);
    return Tensor.cat(List.of(x.narrow(2, 0, 41), future), 2);
  }

  @Test
  void one_token_reads_its_own_value_and_no_key_gives_zeros() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      LinearAttention exact = new LinearAttention(FeatureMap.eluPlusOne(), false, 0, 0);
      Tensor v = normal(random, 1, 7);
      assertClose(exact.apply(normal(random, 1, 5), normal(random, 1, 5), v, null), v);
      Tensor none = Tensor.of(new boolean[] {false}, 1, 1, 1, 1);
      assertEqual(
          exact.apply(normal(random, 1, 5), normal(random, 1, 5), v, none),
          Tensor.zeros(v.shape(), DType.F64));
    }
  }

  @Test
  void padding_changes_nothing() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        LinearTransformerAttention layer =
            new LinearTransformerAttention(Weights.initialise(random, DType.F64), 15, 3, false)) {
      Tensor x = Tensor.randn(random, Shape.of(1, 11, 15), DType.F64);
      Tensor there = Tensor.arange(11, DType.I64).lt(7).unsqueeze(0);
      Tensor padded = layer.apply(x, there).narrow(1, 0, 7);
      assertClose(padded, layer.apply(x.narrow(1, 0, 7), (Tensor) null));
    }
  }

  @Test
  void the_layer_decodes_as_it_reads() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED);
        LinearTransformerAttention layer =
            new LinearTransformerAttention(Weights.initialise(random, DType.F64), 15, 3, true)) {
      Tensor x = Tensor.randn(random, Shape.of(2, 37, 15), DType.F64);
      List<Tensor> outputs = new ArrayList<>();
      StepwiseForm<LinearAttention.State> form = layer.stepwise();
      LinearAttention.State state = form.start(2);
      for (int i = 0; i < 37; i++) {
        StepwiseForm.Step<LinearAttention.State> step = form.step(x.select(1, i), state);
        outputs.add(step.output());
        state = step.state();
        assertThat(state.values().shape()).isEqualTo(Shape.of(2, 3, 5, 5));
      }
      assertClose(Tensor.stack(outputs, 1), layer.apply(x, (Tensor) null));
    }
  }

  @Test
  void as_a_mechanism_it_takes_a_causal_mask_and_grouped_queries_and_refuses_others() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      AttentionMechanism mechanism = LinearAttention.transformer(false).mechanism();
      Tensor q = Tensor.randn(random, Shape.of(2, 6, 11, 5), DType.F64);
      Tensor k = normal(random, 11, 5);
      Tensor v = normal(random, 11, 7);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
      Tensor expected =
          LinearAttention.transformer(true)
              .apply(q, k.repeatInterleave(2, 1), v.repeatInterleave(2, 1), null);
      assertClose(mechanism.apply(q, k, v, causal).output(), expected);
      AttentionRequest window = AttentionRequest.of(AttentionMask.slidingWindow(3));
      assertThatThrownBy(() -> mechanism.apply(q, k, v, window))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("expected no mask or AttentionMask.causal()");
    }
  }

  private static Tensor normal(Generator random, long steps, long size) {
    return Tensor.randn(random, Shape.of(2, 3, steps, size), DType.F64);
  }
}
