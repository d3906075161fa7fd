package dev.heed.attention.sparse;

import static dev.heed.fixture.TensorAssert.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionMechanism;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import dev.heed.attention.sparse.FactorizedAttention.Fixed;
import dev.heed.attention.sparse.FactorizedAttention.Pattern;
import dev.heed.attention.sparse.FactorizedAttention.Strided;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class FactorizedAttentionTest {
  static Stream<Pattern> patterns() {
    return Stream.of(
        new Strided(1), new Strided(5), new Strided(64), new Fixed(5, 1), new Fixed(7, 3));
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void reordering_changes_no_number_and_no_gradient(Pattern pattern) {
    for (int length : new int[] {1, 4, 5, 29, 70, 131}) {
      for (int heads : new int[] {1, 3}) {
        try (TensorScope scope = TensorScope.open();
            Generator generator = new Generator(3)) {
          Shape shape = Shape.of(2, heads, length, 5);
          List<Tensor> inputs =
              Stream.generate(() -> Tensor.randn(generator, shape, DType.F64).requiresGrad(true))
                  .limit(3)
                  .toList();
          Tensor seed = Tensor.randn(generator, shape, DType.F64);
          for (AttentionMask mask :
              List.of(
                  AttentionMask.causal(), AttentionMask.lengths(Math.max(1, length - 3), length))) {
            AttentionRequest request = AttentionRequest.of(mask);
            Tensor fast = attend(new FactorizedAttention(pattern), inputs, request);
            AttentionRequest plain = request.narrowedTo(pattern.mask(heads));
            Tensor exact = attend(new ScaledDotProduct(), inputs, plain);
            assertClose(fast, exact);
            List<Tensor> got = Gradients.of(fast, seed, inputs);
            List<Tensor> wanted = Gradients.of(exact, seed, inputs);
            for (int i = 0; i < 3; i++) {
              assertClose(got.get(i), wanted.get(i));
            }
          }
        }
      }
    }
  }

  private static Tensor attend(
      AttentionMechanism reader, List<Tensor> inputs, AttentionRequest request) {
    return reader.apply(inputs.get(0), inputs.get(1), inputs.get(2), request).output();
  }

  @Test
  void weights_are_those_of_the_plain_pattern() {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(5)) {
      Tensor q = Tensor.randn(generator, Shape.of(1, 2, 11, 3), DType.F64);
      AttentionRequest request = AttentionRequest.plain().withWeights();
      Tensor weights =
          new FactorizedAttention(new Strided(3)).apply(q, q, q, request).requireWeights();
      Tensor seen = new StridedHeadsMask(3, 2).toTensor(1, 2, 11, 11);
      assertThat(weights.gt(0).ne(seen).any().itemLong()).isZero();
    }
  }

  /** What a block is said to hold, it holds. */
  @ParameterizedTest
  @ValueSource(ints = {13, 23, 30, 64})
  void blocks_hold_what_they_are_said_to(int length) {
    for (AttentionMask mask :
        List.of(
            new ResidueMask(5, length),
            new SummaryFirstMask(5, 2, length),
            new SummaryFirstMask(7, 1, length))) {
      int empty = 0;
      for (int query = 0; query < length; query += 4) {
        for (int key = 0; key < length; key += 4) {
          int queryTo = Math.min(length, query + 4);
          int keyTo = Math.min(length, key + 4);
          BlockKind kind = mask.classify(0, 0, query, queryTo, key, keyTo);
          empty += kind == BlockKind.EMPTY ? 1 : 0;
          for (int q = query; q < queryTo; q++) {
            for (int k = key; k < keyTo; k++) {
              boolean allowed = mask.allows(0, 0, q, k);
              assertThat(kind == BlockKind.PARTIAL || (kind == BlockKind.FULL) == allowed)
                  .as("%s: %d, %d in a block said to be %s", mask, q, k, kind)
                  .isTrue();
            }
          }
        }
      }
      assertThat(empty).isPositive();
    }
  }

  @Test
  void the_share_of_blocks_that_cost_something_falls_with_the_length() {
    for (int root : new int[] {128, 256}) {
      int length = root * root;
      for (AttentionMask mask :
          List.of(new ResidueMask(root, length), new SummaryFirstMask(root, 1, length))) {
        int costly = 0;
        for (int query = 0; query < length; query += 64) {
          for (int key = 0; key < length; key += 64) {
            BlockKind kind = mask.classify(0, 0, query, query + 64, key, key + 64);
            costly += kind == BlockKind.EMPTY ? 0 : 1;
          }
        }
        long rows = length / 64;
        assertThat(costly).as("%s", mask).isLessThan((int) (rows * (2L * root / 64 + 2)));
      }
    }
  }

  @Test
  void a_stretch_that_is_all_summary_is_refused() {
    assertThatThrownBy(() -> new Fixed(3, 3)).hasMessageContaining("below the stride");
    assertThatThrownBy(() -> new StridedHeadsMask(0, 1)).hasMessageContaining("from 1, got 0");
  }
}
