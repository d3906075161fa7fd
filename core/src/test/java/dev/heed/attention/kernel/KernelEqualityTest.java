package dev.heed.attention.kernel;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.tensor.DType;
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
  @TestFactory
  Stream<DynamicTest> plain_loops_equal_the_formula_in_double() {
    return overMasks(
        (sizes, mask) -> FormulaCheck.outputAndGradients(sizes, DType.F64, mask, null));
  }

  @TestFactory
  Stream<DynamicTest> vectors_equal_the_formula_in_float() {
    return overMasks(
        (sizes, mask) -> FormulaCheck.outputAndGradients(sizes, DType.F32, mask, null));
  }

  @TestFactory
  Stream<DynamicTest> vectors_round_only_once_to_bf16() {
    return overMasks(
        (sizes, mask) -> FormulaCheck.outputAndGradients(sizes, DType.BF16, mask, null));
  }

  @TestFactory
  Stream<DynamicTest> half_precision_works_too() {
    return overMasks(
        (sizes, mask) -> FormulaCheck.outputAndGradients(sizes, DType.F16, mask, null));
  }

  @TestFactory
  Stream<DynamicTest> modifiers_on_vectors_equal_plain_loops() {
    return Samples.modifiers(1).keySet().stream()
        .flatMap(name ->
            overMasks(
                    (sizes, mask) -> {
                      ScoreModifier modifier = Samples.modifiers(sizes.heads()).get(name);
                      FormulaCheck.outputAndGradients(sizes, DType.F32, mask, modifier);
                    })
                .map(test ->
                    DynamicTest.dynamicTest(
                        name + ", " + test.getDisplayName(), test.getExecutable())));
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
                  () -> FormulaCheck.outputAndGradients(sizes, DType.F32, mask, modifier)));
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
}
