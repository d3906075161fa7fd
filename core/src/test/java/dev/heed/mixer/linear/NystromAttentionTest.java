package dev.heed.mixer.linear;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertEqual;
import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.fixture.GradientCheck;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.LinearAlgebra;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class NystromAttentionTest {
  private static final long SEED = 53;
  private static final AttentionRequest PLAIN = AttentionRequest.plain();

  private static Tensor normal(Generator random, long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64);
  }

  private static Tensor attend(NystromAttention attention, Tensor q, Tensor k, Tensor v) {
    return attention.apply(q, k, v, PLAIN).output();
  }

  /** One landmark q̃ = 1: every row reads softmax(k) · v = (4 + 3 · 8) / 4. */
  @Test
  void with_one_landmark_all_queries_read_what_their_mean_reads() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = Tensor.of(new double[] {0, 2}, 1, 1, 2, 1);
      Tensor k = Tensor.of(new double[] {0, Math.log(3)}, 1, 1, 2, 1);
      Tensor v = Tensor.of(new double[] {4, 8}, 1, 1, 2, 1);
      assertValues(attend(new NystromAttention(1), q, k, v), 7, 7);
    }
  }

  @Test
  void with_every_token_as_a_landmark_it_converges_to_exact_attention() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor q = normal(random, 2, 3, 7, 5);
      Tensor k = normal(random, 2, 3, 7, 5);
      Tensor v = normal(random, 2, 3, 7, 2);
      Tensor exact = new ScaledDotProduct().apply(q, k, v, PLAIN).output();
      double before = Double.POSITIVE_INFINITY;
      for (int iterations : new int[] {2, 6, 12, 20}) {
        Tensor estimate = attend(new NystromAttention(7, iterations, null), q, k, v);
        double error = estimate.sub(exact).abs().max().item();
        assertThat(error).isLessThan(before);
        before = error;
      }
      assertThat(before).isLessThan(1e-6);
      Tensor more = attend(new NystromAttention(11, 20, null), q, k, v);
      assertClose(more, exact, new Tolerance(1e-6, 1e-6));
    }
  }

  @Test
  void the_pseudo_inverse_inverts() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor a = normal(random, 3, 5, 5).softmax(-1).add(Tensor.eye(5, DType.F64));
      Tensor inverse = LinearAlgebra.inverse(a);
      assertClose(NystromAttention.pseudoInverse(a, 12), inverse, new Tolerance(1e-9, 1e-9));
      // Of rank one: the pseudo-inverse of u·uᵀ is itself over |u|⁴.
      Tensor u = Tensor.of(new double[] {1, 2}, 2, 1);
      assertValues(
          NystromAttention.pseudoInverse(u.matmul(u.transpose(0, 1)), 12), 0.04, 0.08, 0.08, 0.16);
    }
  }

  /** Equal tokens within each segment are their own landmark, whatever the segments' lengths. */
  @Test
  void segments_of_equal_tokens_lose_nothing() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor few = normal(random, 1, 2, 3, 5);
      Tensor x = few.repeatInterleave(4, 2);
      Tensor v = normal(random, 1, 2, 12, 2);
      Tensor exact = new ScaledDotProduct().apply(x, x, v, PLAIN).output();
      Tensor estimate = attend(new NystromAttention(3, 20, null), x, x, v);
      assertClose(estimate, exact, new Tolerance(1e-8, 1e-8));
    }
  }

  @Test
  void padding_is_as_if_it_were_not_there() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      NystromAttention attention = new NystromAttention(3, 6, normal(random, 2, 1, 3));
      Tensor q = normal(random, 2, 2, 11, 5);
      Tensor k = normal(random, 2, 2, 11, 5);
      Tensor v = normal(random, 2, 2, 11, 2);
      AttentionRequest padded = AttentionRequest.of(AttentionMask.lengths(11, 7));
      Tensor all = attention.apply(q, k, v, padded).output();
      Tensor alone =
          attend(
              attention,
              q.narrow(0, 1, 1).narrow(2, 0, 7),
              k.narrow(0, 1, 1).narrow(2, 0, 7),
              v.narrow(0, 1, 1).narrow(2, 0, 7));
      assertClose(all.narrow(0, 1, 1).narrow(2, 0, 7), alone);
      Tensor nothing =
          attention.apply(q, k, v, AttentionRequest.of(AttentionMask.lengths(0, 0))).output();
      assertEqual(nothing, nothing.mul(0));
    }
  }

  @Test
  void key_heads_are_shared_and_lengths_may_differ() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor q = normal(random, 1, 6, 5, 3);
      Tensor k = normal(random, 1, 2, 13, 3);
      Tensor v = normal(random, 1, 2, 13, 7);
      Tensor read = attend(new NystromAttention(4), q, k, v);
      assertThat(read.shape()).isEqualTo(Shape.of(1, 6, 5, 7));
      Tensor fourth =
          attend(new NystromAttention(4), q.narrow(1, 3, 1), k.narrow(1, 1, 1), v.narrow(1, 1, 1));
      assertClose(read.narrow(1, 3, 1), fourth);
    }
  }

  /** A kernel of one tap at the next place adds the next value. */
  @Test
  void the_skip_convolves_values_along_time() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor q = normal(random, 2, 3, 5, 2);
      Tensor v = normal(random, 2, 3, 5, 7);
      Tensor next = Tensor.of(new double[] {0, 0, 1}, 1, 1, 3).repeat(3, 1, 1);
      Tensor plain = attend(new NystromAttention(2), q, q, v);
      Tensor skipped = attend(new NystromAttention(2, 6, next), q, q, v);
      Tensor moved = v.narrow(2, 1, 4).pad(0, 0, 0, 0, 1);
      assertClose(skipped.sub(plain), moved, new Tolerance(1e-12, 1e-12));
    }
  }

  @Test
  void gradients_equal_central_differences() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor q = normal(random, 1, 2, 5, 3);
      Tensor k = normal(random, 1, 2, 5, 3);
      Tensor v = normal(random, 1, 2, 5, 2);
      Tensor skip = normal(random, 2, 1, 3);
      Tensor direction = normal(random, 1, 2, 5, 2);
      GradientCheck.check(
          () -> attend(new NystromAttention(2, 6, skip), q, k, v).mul(direction).sum(),
          List.of(q, k, v, skip),
          1e-7);
    }
  }

  @Test
  void what_landmarks_cannot_honour_is_refused() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor x = normal(random, 1, 1, 5, 3);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
      assertThatThrownBy(() -> new NystromAttention(2).apply(x, x, x, causal))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected no mask or a padding mask, and no score modifier, got");
      assertThatThrownBy(() -> new NystromAttention(0))
          .hasMessageContaining("expected landmarks and iterations from 1");
      Tensor even = normal(random, 1, 1, 4);
      assertThatThrownBy(() -> new NystromAttention(2, 6, even))
          .hasMessageContaining("an odd number of taps");
    }
  }
}
