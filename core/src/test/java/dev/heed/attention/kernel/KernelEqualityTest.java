package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The formula = plain loops = vectors = LibTorch, outputs and gradients, over awkward sizes. */
@Tag("unit")
class KernelEqualityTest {
  private static final double SCALE = 0.3;

  @TestFactory
  Stream<DynamicTest> plain_loops_equal_the_formula_in_double() {
    return overMasks((sizes, mask) -> compare(sizes, DType.F64, mask, null, 1e-12));
  }

  @TestFactory
  Stream<DynamicTest> vectors_equal_the_formula_in_float() {
    return overMasks((sizes, mask) -> compare(sizes, DType.F32, mask, null, 1e-5));
  }

  @TestFactory
  Stream<DynamicTest> vectors_round_only_once_to_bf16() {
    return overMasks((sizes, mask) -> compare(sizes, DType.BF16, mask, null, 1.6e-2));
  }

  @TestFactory
  Stream<DynamicTest> half_precision_works_too() {
    return overMasks((sizes, mask) -> compare(sizes, DType.F16, mask, null, 2e-3));
  }

  @TestFactory
  Stream<DynamicTest> modifiers_on_vectors_equal_plain_loops() {
    List<DynamicTest> tests = new ArrayList<>();
    Samples.modifiers()
        .forEach((name, modifier) ->
            overMasks((sizes, mask) -> compare(sizes, DType.F32, mask, modifier, 1e-5))
                .forEach(test ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            name + ", " + test.getDisplayName(), test.getExecutable()))));
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> tiles_far_down_a_slope_are_left_out_without_a_trace() {
    List<DynamicTest> tests = new ArrayList<>();
    List<ScoreModifier> slopes =
        List.of(Alibi.ofHeads(6), new Alibi(List.of(3.0, 9.0, 0.0, 1.0, 0.5, 0.01)));
    for (ScoreModifier modifier : slopes) {
      for (AttentionMask mask :
          List.of(
              AttentionMask.full(),
              AttentionMask.causal(),
              AttentionMask.window(67, 5).or(AttentionMask.prefix(9)))) {
        for (Sizes sizes :
            List.of(
                new Sizes(2, 6, 3, 557, 613, 8, 16),
                new Sizes(1, 6, 1, 1031, 1031, 64, 64),
                new Sizes(1, 6, 6, 5, 1031, 17, 19))) {
          tests.add(
              DynamicTest.dynamicTest(
                  modifier + ", " + mask + ", " + sizes,
                  () -> compare(sizes, DType.F32, mask, modifier, 1e-5)));
        }
      }
    }
    return tests.stream();
  }

  private interface Check {
    void run(Sizes sizes, @Nullable AttentionMask mask);
  }

  private static Stream<DynamicTest> overMasks(Check check) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Sizes sizes : Samples.sizes()) {
      tests.add(DynamicTest.dynamicTest("all, " + sizes, () -> check.run(sizes, null)));
      Samples.masks()
          .forEach((name, mask) ->
              tests.add(
                  DynamicTest.dynamicTest(name + ", " + sizes, () -> check.run(sizes, mask))));
    }
    return tests.stream();
  }

  private record Results(Tensor output, List<Tensor> gradients) {}

  /** Against the formula in double; with a modifier against plain loops in double. */
  private static void compare(
      Sizes sizes,
      DType dtype,
      @Nullable AttentionMask mask,
      @Nullable ScoreModifier modifier,
      double tolerance) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(11)) {
      Tensor q = sizes.q(generator, dtype);
      Tensor k = sizes.k(generator, dtype);
      Tensor v = sizes.v(generator, dtype);
      // a gradient whose products with the values are about one, whatever their width
      Tensor weights = sizes.output(generator, dtype).mul(1 / Math.sqrt(sizes.values()));
      AttentionSpec spec =
          AttentionSpec.plain().withScale(SCALE).withMask(mask).withModifier(modifier);
      Results actual = run(q, k, v, weights, spec, false);
      Results expected =
          run(
              q.to(DType.F64),
              k.to(DType.F64),
              v.to(DType.F64),
              weights.to(DType.F64),
              spec,
              modifier == null);
      assertClose("output", actual.output(), expected.output(), tolerance);
      for (int i = 0; i < 3; i++) {
        String name = "gradient of " + "qkv".charAt(i);
        assertClose(name, actual.gradients().get(i), expected.gradients().get(i), tolerance);
      }
    }
  }

  private static Results run(
      Tensor q, Tensor k, Tensor v, Tensor weights, AttentionSpec spec, boolean naive) {
    List<Tensor> inputs =
        List.of(
            q.detach().requiresGrad(true),
            k.detach().requiresGrad(true),
            v.detach().requiresGrad(true));
    Tensor output =
        naive
            ? NaiveAttention.apply(
                inputs.get(0), inputs.get(1), inputs.get(2), spec.scale(), spec.mask())
            : ExactAttention.apply(inputs.get(0), inputs.get(1), inputs.get(2), spec);
    return new Results(output, Gradients.of(output.mul(weights).sum(), inputs));
  }

  private static void assertClose(String what, Tensor actual, Tensor expected, double tolerance) {
    double difference = NaiveAttention.largest(actual.to(DType.F64).sub(expected));
    double size = Math.max(1, NaiveAttention.largest(expected));
    assertThat(difference).as(what).isLessThanOrEqualTo(tolerance * size);
  }
}
