package dev.heed.nn.moe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.model.head.RouterLoss;
import dev.heed.nn.Trace;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.nn.moe.MixtureOfExperts.Weighted;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class MixtureOfExpertsTest {
  private static final Tolerance CLOSE = new Tolerance(1e-12, 1e-12);

  /** Expert e multiplies by e + 1 and squares. */
  private record Powers(int count, Set<Integer> ran) implements Experts {
    @Override
    public Tensor apply(int expert, Tensor x) {
      ran.add(expert);
      return x.mul(expert + 1).square();
    }
  }

  private static Weights root() {
    return Weights.initialise(new Generator(1), DType.F64);
  }

  @ParameterizedTest
  @EnumSource(Weighted.class)
  void each_token_is_mixed_from_its_experts_and_no_other_expert_runs(Weighted weighted) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new double[] {1, 2, 3, 5, 7, 11}, 1, 3, 2);
      Tensor chosen = Tensor.of(new long[] {4, 1, 1, 0, 4, 0}, 3, 2);
      Tensor weights = Tensor.of(new double[] {0.5, 0.25, 2, 3, 1, 0.125}, 3, 2);
      Tensor logits = Tensor.zeros(Shape.of(3, 5), DType.F64);
      Powers experts = new Powers(5, new TreeSet<>());
      try (MixtureOfExperts mixture =
          new MixtureOfExperts(
              root(),
              tokens -> new Router.Routing(chosen, weights, logits),
              experts,
              weighted,
              tokens -> tokens.mul(100))) {
        MixtureOfExperts.Output output = mixture.apply(x, Trace.NONE);
        int power = weighted == Weighted.INPUT ? 2 : 1;
        double first = 25 * Math.pow(0.5, power) + 4 * Math.pow(0.25, power);
        double second = 4 * Math.pow(2, power) + Math.pow(3, power);
        double third = 25 + Math.pow(0.125, power);
        TensorAssert.assertClose(
            output.y(),
            Tensor.of(
                new double[] {
                  first + 100,
                  4 * first + 200,
                  9 * second + 300,
                  25 * second + 500,
                  49 * third + 700,
                  121 * third + 1100
                },
                1,
                3,
                2),
            CLOSE);
        assertThat(experts.ran()).containsExactly(0, 1, 4);
        assertThat(output.logits().shape()).isEqualTo(logits.shape());
      }
    }
  }

  @Test
  void no_token_goes_through_no_expert() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.zeros(Shape.of(1, 0, 2), DType.F64);
      Powers experts = new Powers(3, new TreeSet<>());
      try (MixtureOfExperts mixture =
          new MixtureOfExperts(
              root(),
              tokens ->
                  new Router.Routing(
                      Tensor.of(new long[0], 0, 2),
                      Tensor.zeros(Shape.of(0, 2), DType.F64),
                      Tensor.zeros(Shape.of(0, 3), DType.F64)),
              experts)) {
        assertThat(mixture.apply(x, Trace.NONE).y().shape()).isEqualTo(x.shape());
        assertThat(experts.ran()).isEmpty();
      }
    }
  }

  private static Weights gate(double... logits) {
    Tensor weight = Tensor.of(logits, logits.length, 1);
    return Weights.from(
        WeightSource.of(
            Map.of(
                "weight",
                weight,
                "e_score_correction_bias",
                Tensor.of(new double[] {0, 0, 0.9, 0, 0, 0}, 6))));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void a_balanced_router_chooses_by_the_biased_groups_and_weighs_without_the_bias() {
    try (TensorScope scope = TensorScope.open()) {
      GroupedRouter.Config config =
          new GroupedRouter.Config(6, 2, 3, 1, GroupedRouter.Affinity.BALANCED_SIGMOID, true, 2.5);
      // Groups (0, 1), (2, 3), (4, 5): without the bias the last would be best.
      try (GroupedRouter router = new GroupedRouter(gate(-1, -1, -0.5, 0, 1, 1), 1, config)) {
        Router.Routing routing = router.route(Tensor.of(new double[] {1}, 1, 1));
        assertThat(routing.experts().toLongArray()).containsExactly(2, 3);
        double sum = sigmoid(-0.5) + sigmoid(0);
        TensorAssert.assertClose(
            routing.weights(),
            Tensor.of(new double[] {2.5 * sigmoid(-0.5) / sum, 2.5 * sigmoid(0) / sum}, 1, 2),
            CLOSE);
      }
    }
  }

  @Test
  void a_softmax_router_looks_at_the_groups_of_the_best_experts() {
    try (TensorScope scope = TensorScope.open()) {
      GroupedRouter.Config config =
          new GroupedRouter.Config(6, 2, 3, 1, GroupedRouter.Affinity.SOFTMAX, false, 1);
      try (GroupedRouter router = new GroupedRouter(gate(2, -3, 1, 1, 1.5, 1), 1, config)) {
        Router.Routing routing = router.route(Tensor.of(new double[] {1}, 1, 1));
        assertThat(routing.experts().toLongArray()).containsExactly(0, 1);
      }
    }
  }

  @Test
  void choices_that_cannot_be_made_are_refused() {
    assertThatThrownBy(
            () -> new GroupedRouter.Config(6, 2, 4, 1, GroupedRouter.Affinity.SOFTMAX, false, 1))
        .hasMessageContaining("divides the 6 experts, got 4");
    assertThatThrownBy(
            () -> new GroupedRouter.Config(6, 3, 3, 1, GroupedRouter.Affinity.SOFTMAX, false, 1))
        .hasMessageContaining("1 to 2 chosen experts, got 3");
    Weights root = root();
    assertThatThrownBy(() -> TopKRouter.softmax(root, 1, 3, 4, false))
        .hasMessageContaining("1 to 3 chosen experts, got 4");
    root.discard();
  }

  @Test
  void tokens_spread_evenly_cost_the_number_of_chosen_experts_and_crowding_costs_more() {
    try (TensorScope scope = TensorScope.open()) {
      // Two tokens, four experts, one chosen each; the second token may be padding.
      Tensor logits = Tensor.of(new double[] {9, 0, 0, 0, 0, 9, 0, 0}, 2, 4);
      double high = Math.exp(9) / (Math.exp(9) + 3);
      double low = 1 / (Math.exp(9) + 3);
      assertThat(RouterLoss.loss(List.of(logits), null, 1).item())
          .isEqualTo(4 * (high + low) / 2, org.assertj.core.api.Assertions.within(1e-12));
      Tensor keep = Tensor.of(new long[] {1, 0}, 1, 2);
      assertThat(RouterLoss.loss(List.of(logits), keep, 1).item())
          .isEqualTo(4 * high, org.assertj.core.api.Assertions.within(1e-12));
    }
  }
}
