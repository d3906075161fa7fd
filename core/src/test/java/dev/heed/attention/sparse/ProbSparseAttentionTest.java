package dev.heed.attention.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.sparse.ProbSparseAttention.Sampling;
import dev.heed.fixture.GradientCheck;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Dropout;
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

@Tag("unit")
class ProbSparseAttentionTest {
  private static final Tolerance CLOSE = Tolerance.of(DType.F64);

  private final Generator random = new Generator(71);

  private Tensor normal(long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64);
  }

  private static AttentionRequest request(boolean causal) {
    return AttentionRequest.of(causal ? AttentionMask.causal() : null);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void with_every_query_reading_it_is_exact_attention(boolean causal) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = normal(2, 4, 7, 3);
      Tensor k = normal(2, 2, 7, 3);
      Tensor v = normal(2, 2, 7, 5);
      TensorAssert.assertClose(
          new ProbSparseAttention(7, causal).apply(q, k, v, request(causal)).output(),
          new ScaledDotProduct().apply(q, k, v, request(causal)).output(),
          CLOSE);
    }
  }

  /** One query points along the keys, the others see all alike: it alone reads. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void the_query_that_is_far_from_uniform_reads_and_others_take_all_alike(boolean causal) {
    try (TensorScope scope = TensorScope.open()) {
      int time = 11;
      Tensor k = normal(1, 1, time, 2).abs();
      Tensor q = k.mul(0);
      q.narrow(2, 6, 4).fill(2);
      Tensor v = normal(1, 1, time, 3);
      // u = ⌈log 12⌉ = 3 of the four that look.
      ProbSparseAttention sparse = new ProbSparseAttention(1, causal);
      Tensor output = sparse.apply(q, k, v, request(causal)).output();
      Tensor exact = new ScaledDotProduct().apply(q, k, v, request(causal)).output();
      Tensor alike = causal ? v.cumsum(2) : v.mean(2, true).expand(1, 1, time, 3);
      TensorAssert.assertClose(output.narrow(2, 0, 6), alike.narrow(2, 0, 6), CLOSE);
      int reading = 0;
      for (int t = 6; t < 10; t++) {
        String difference =
            TensorAssert.difference(
                "step", output.select(2, t).contiguous(), exact.select(2, t).contiguous(), CLOSE);
        reading += difference == null ? 1 : 0;
      }
      assertThat(reading).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void the_map_gives_the_output_and_gradients_flow(boolean causal) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = normal(2, 2, 13, 3);
      Tensor k = normal(2, 2, 13, 3);
      Tensor v = normal(2, 2, 13, 2);
      ProbSparseAttention sparse =
          new ProbSparseAttention(2, causal, Sampling.OF_ALL_QUERIES, 4, new Dropout(0));
      AttentionOutput shown = sparse.apply(q, k, v, request(causal).withWeights());
      TensorAssert.assertClose(shown.requireWeights().matmul(v), shown.output(), CLOSE);
      TensorAssert.assertClose(
          sparse.apply(q, k, v, request(causal)).output(), shown.output(), CLOSE);
      Tensor weight = normal(2, 2, 13, 2);
      GradientCheck.check(
          () -> sparse.apply(q, k, v, request(causal)).output().mul(weight).sum(),
          List.of(q, k, v),
          1e-5);
    }
  }

  @Test
  void sizes_of_one_and_none_and_masks_that_it_cannot_honour() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor one = normal(1, 1, 1, 3);
      TensorAssert.assertClose(
          new ProbSparseAttention(5, false).apply(one, one, one, request(false)).output(), one);
      Tensor none = normal(1, 1, 0, 3);
      ProbSparseAttention sparse = new ProbSparseAttention(5, false);
      assertThat(sparse.apply(none, one, one, request(false)).output().shape())
          .isEqualTo(Shape.of(1, 1, 0, 3));
      TensorAssert.assertValues(sparse.apply(one, none, none, request(false)).output(), 0, 0, 0);
      assertThatThrownBy(() -> sparse.apply(one, one, one, request(true)))
          .hasMessageContaining("expected no mask");
      assertThatThrownBy(() -> new ProbSparseAttention(0, true))
          .hasMessageContaining("factor: expected at least 1");
    }
  }
}
