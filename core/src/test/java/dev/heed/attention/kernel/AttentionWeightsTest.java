package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.kernel.AttentionWeights.TopKeys;
import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorException;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights read on demand are the softmax's, whatever part is asked for. */
@Tag("unit")
class AttentionWeightsTest {
  private static final Sizes SIZES = new Sizes(2, 6, 3, 37, 149, 19, 5);
  private static final AttentionMask MASK = (b, h, q, k) -> k <= q && (q + h) % 5 != 0;

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F64", "F32", "BF16"})
  void every_part_equals_the_softmax(DType dtype) {
    double tolerance = dtype == DType.F64 ? 1e-13 : 1e-5;
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(37)) {
      Tensor q = SIZES.q(generator, dtype);
      Tensor k = SIZES.k(generator, dtype);
      Tensor v = SIZES.v(generator, dtype);
      AttentionSpec spec =
          AttentionSpec.plain()
              .withMask(MASK)
              .withModifier((b, h, i, j, score) -> score - 0.01 * (i - j));
      AttentionWeights weights = ExactAttention.attend(q, k, v, spec).weights();
      Tensor expected = expected(q.to(DType.F64), k.to(DType.F64));
      assertSame(weights.all(), expected, tolerance);
      Tensor head = expected.narrow(0, 1, 1).narrow(1, 4, 1).view(37, 149);
      assertSame(weights.head(1, 4), head, tolerance);
      assertSame(
          weights.tile(1, 4, 3, 36, 60, 131), head.narrow(0, 3, 33).narrow(1, 60, 71), tolerance);
      Tensor rows = Tensor.cat(java.util.List.of(head.narrow(0, 30, 1), head.narrow(0, 2, 1)), 0);
      assertSame(weights.rows(1, 4, 30, 2), rows, tolerance);
      TopKeys top = weights.top(1, 4, 4, 30, 2);
      assertSame(top.weights(), rows.gather(1, top.keys()), tolerance);
      assertThat(top.weights().narrow(1, 0, 1).toDoubleArray()[0])
          .isCloseTo(rows.narrow(0, 0, 1).max().item(), within(tolerance));
    }
  }

  private static Tensor expected(Tensor q, Tensor k) {
    Tensor scores = NaiveAttention.scores(q, k, 1 / Math.sqrt(19));
    Tensor keys = Tensor.arange(149, DType.F64);
    Tensor queries = Tensor.arange(37, DType.F64).add(149 - 37).unsqueeze(1);
    Tensor changed = scores.sub(queries.sub(keys).mul(0.01));
    return NaiveAttention.weigh(
        changed,
        Tensor.eye(149, DType.F64).expand(2, 6, 149, 149),
        q,
        NaiveAttention.allowed(q, k, MASK));
  }

  private static void assertSame(Tensor actual, Tensor expected, double tolerance) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(NaiveAttention.largest(actual.to(DType.F64).sub(expected)))
        .isLessThanOrEqualTo(tolerance);
  }

  @Test
  void rows_in_any_order_keep_their_masks() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(37)) {
      AttentionWeights weights =
          ExactAttention.attend(
                  SIZES.q(generator, DType.F32),
                  SIZES.k(generator, DType.F32),
                  SIZES.v(generator, DType.F32),
                  AttentionSpec.plain().withMask(AttentionMask.slidingWindow(20)))
              .weights();
      Tensor head = weights.head(1, 4);
      // The first and the last are as far apart as if the rows were neighbours.
      Tensor expected =
          Tensor.cat(
              java.util.List.of(head.narrow(0, 30, 1), head.narrow(0, 2, 1), head.narrow(0, 32, 1)),
              0);
      assertSame(weights.rows(1, 4, 30, 2, 32), expected.to(DType.F64), 0);
    }
  }

  @Test
  void places_outside_are_refused() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(37)) {
      AttentionWeights weights =
          ExactAttention.attend(
                  SIZES.q(generator, DType.F32),
                  SIZES.k(generator, DType.F32),
                  SIZES.v(generator, DType.F32),
                  AttentionSpec.plain())
              .weights();
      assertThatThrownBy(() -> weights.rows(0, 0, 37))
          .isInstanceOf(TensorException.class)
          .hasMessage("weights: expected row within [0, 37), got [37, 38)");
      assertThatThrownBy(() -> weights.top(0, 0, 150, 1))
          .hasMessage("top: expected a count in [0, 149] (the keys), got 150");
    }
  }
}
