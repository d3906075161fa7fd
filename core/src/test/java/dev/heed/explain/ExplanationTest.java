package dev.heed.explain;

import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.explain.EncoderDecoderRelevance.Untouched;
import dev.heed.fixture.TensorAssert;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.ShapeException;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ExplanationTest {
  private TensorScope scope;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Both tokens look at token 0 only: half of each stays, so 1/2, then 3/4 come from token 0. */
  @Test
  void rollout_keeps_half_of_every_token() {
    Tensor toFirst = Tensor.of(new double[] {1, 0, 1, 0, 1, 0, 1, 0}, 2, 1, 2, 2);
    assertValues(AttentionRollout.of(toFirst), 1, 0, 0.5, 0.5, 1, 0, 0.75, 0.25);
    assertValues(AttentionRollout.withoutResidual(toFirst), 1, 0, 1, 0, 1, 0, 1, 0);
  }

  @Test
  void rollout_names_the_shape_it_wants() {
    assertThatThrownBy(() -> AttentionRollout.of(Tensor.zeros(Shape.of(2, 3, 5, 7), DType.F64)))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("expected [layers, …, heads, tokens, tokens]");
  }

  /**
   * Pipes of the same case: 1 from 0 to 0; 1/2 each from 1 to 0 and from 1 to 1. From the top of
   * token 1, input 0 gets 1/2 through token 0 and 1/2 through token 1; input 1 gets 1/2.
   */
  @Test
  void flow_adds_parallel_paths() {
    Tensor toFirst = Tensor.of(new double[] {1, 0, 1, 0, 1, 0, 1, 0}, 2, 1, 2, 2);
    AttentionFlow flow = AttentionFlow.of(toFirst);
    assertValues(flow.flow(), 1, 0, 0.5, 0.5, 1, 0, 1, 0.5);
    assertValues(flow.shares(), 1, 0, 0.5, 0.5, 1, 0, 2.0 / 3, 1.0 / 3);
  }

  /** A first path through the middle must be taken back: 0→0→1→.. blocks what 0→1→1 needs. */
  @Test
  void flow_is_at_most_every_cut_and_equals_the_smallest() {
    Generator random = new Generator(5);
    int tokens = 3;
    Tensor weights = Tensor.rand(random, Shape.of(2, 1, tokens, tokens), DType.F64).pow(4);
    double[][][] capacity = new double[2][tokens][tokens];
    double[] numbers = weights.toDoubleArray();
    for (int i = 0; i < numbers.length; i++) {
      capacity[i / 9][i / 3 % 3][i % 3] = numbers[i];
    }
    for (int from = 0; from < tokens; from++) {
      for (int to = 0; to < tokens; to++) {
        double smallest = Double.POSITIVE_INFINITY;
        for (int side = 0; side < 1 << tokens; side++) {
          double cut = 0;
          for (int middle = 0; middle < tokens; middle++) {
            boolean above = (side >> middle & 1) == 1;
            cut += above ? capacity[0][middle][to] : capacity[1][from][middle];
          }
          smallest = Math.min(smallest, cut);
        }
        assertThat(new LayeredFlow(capacity).maximum(2, from, to))
            .isCloseTo(smallest, within(1e-12));
      }
    }
  }

  /** Four random layers: no more leaves the source, or enters the input, than its pipes carry. */
  @Test
  void flow_keeps_within_its_ends() {
    Tensor weights = Tensor.randn(new Generator(7), Shape.of(4, 2, 5, 5), DType.F64).softmax(-1);
    double[] flow = AttentionFlow.of(weights).flow().toDoubleArray();
    for (double one : flow) {
      assertThat(one).isPositive().isLessThanOrEqualTo(1 + 1e-12);
    }
  }

  /** The score a² + 3b of a pattern [a, b] has the gradient [2a, 3]. */
  @Test
  void gradients_by_attention_need_no_trainable_weights() {
    Tensor pattern = Tensor.of(new double[] {0.25, 0.75}, 1, 1, 1, 2);
    AttentionGradients attention =
        AttentionGradients.of(
            List.of("pattern"),
            trace -> {
              Tensor seen = trace.visit("pattern", pattern).flatten(0, 3);
              return seen.select(0, 0).square().add(seen.select(0, 1).mul(3));
            });
    assertValues(attention.weights(), 0.25, 0.75);
    assertValues(attention.gradients(), 0.5, 3);
    assertValues(attention.relevance(), 0.125, 2.25);
  }

  @Test
  void a_point_that_the_run_does_not_pass_is_named() {
    assertThatThrownBy(() ->
            AttentionGradients.of(List.of("layer.7.pattern"), trace -> Tensor.scalar(1, DType.F64)))
        .hasMessageContaining("layer.7.pattern");
    assertThat(Trace.NONE.values()).isEmpty();
  }

  /** E = [[0, 1], [0, 0]]: R = I + E after one layer, I + 2E + E² = I + 2E after two. */
  @Test
  void relevance_adds_up_over_layers() {
    Tensor weights = Tensor.of(new double[] {0, 1, 0, 0, 0, 1, 0, 0}, 2, 1, 2, 2);
    Tensor ones = Tensor.ones(weights.shape(), DType.F64);
    assertValues(
        GradientRelevance.of(new AttentionGradients(weights, ones)), 1, 1, 0, 1, 1, 2, 0, 1);
    assertValues(
        GradientRelevance.of(new AttentionGradients(weights, ones.neg())), 1, 0, 0, 1, 1, 0, 0, 1);
  }

  /** Nothing was mixed by self-attention, so the target's relevance is the cross-attention's. */
  @Test
  void an_untouched_token_stands_for_itself() {
    Tensor none = Tensor.zeros(Shape.of(1, 1, 2, 2), DType.F64);
    AttentionGradients still = new AttentionGradients(none, none);
    Tensor map = Tensor.of(new double[] {0.25, 0.75, 0.5, 0.5}, 1, 1, 2, 2);
    AttentionGradients cross = new AttentionGradients(map, Tensor.ones(map.shape(), DType.F64));
    TensorAssert.assertClose(
        EncoderDecoderRelevance.of(still, still, cross).targetBySource(),
        map.select(0, 0).select(0, 0));
    assertValues(
        EncoderDecoderRelevance.of(still, still, cross, Untouched.DROPS_UPDATE).targetBySource(),
        0,
        0,
        0,
        0);
  }
}
