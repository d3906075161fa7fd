package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
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
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** What is masked has no part in the result, also where it is NaN or infinite. */
@Tag("unit")
class BrokenKeysTest {
  private static final int KNOWN = 67;
  private static final float[] BROKEN = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  private interface Body {
    void run(DType dtype, float broken, int queries);
  }

  /** Tiles of many queries, and the pass for few. */
  private static Stream<DynamicTest> everywhere(Body body) {
    List<DynamicTest> tests = new ArrayList<>();
    for (AttentionPath path : AttentionPath.values()) {
      for (DType dtype : List.of(DType.F32, DType.F64, DType.BF16, DType.F16)) {
        for (int queries : new int[] {1, 37}) {
          tests.add(
              DynamicTest.dynamicTest(
                  path + ", " + dtype + ", " + queries,
                  () ->
                      OnPath.run(
                          path,
                          () -> {
                            for (float broken : BROKEN) {
                              body.run(dtype, broken, queries);
                            }
                          })));
        }
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> hidden_from_all_they_are_as_if_they_were_not_there() {
    return everywhere((dtype, broken, queries) -> {
      Sizes sizes = new Sizes(2, 4, 2, queries, 101, 9, 5);
      for (ScoreModifier modifier : Arrays.asList(null, Alibi.ofHeads(4))) {
        hidden(sizes, dtype, broken, modifier);
      }
    });
  }

  private static void hidden(
      Sizes sizes, DType dtype, float broken, @Nullable ScoreModifier modifier) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(11)) {
      int missing = sizes.keys() - KNOWN;
      Tensor q = sizes.q(generator, dtype).requiresGrad(true);
      Tensor k = spoilt(sizes.k(generator, dtype), missing, broken).requiresGrad(true);
      Tensor v = spoilt(sizes.v(generator, dtype), missing, broken).requiresGrad(true);
      AttentionMask mask = AttentionMask.lengths(KNOWN);
      AttentionSpec masked = AttentionSpec.plain().withMask(mask).withModifier(modifier);
      AttentionRequest request = AttentionRequest.of(mask).withModifier(modifier);
      Tensor knownKeys = k.narrow(2, 0, KNOWN);
      Tensor knownValues = v.narrow(2, 0, KNOWN);
      // The distance to a key is counted from the last one: the same bias, less a constant.
      AttentionSpec short0 = AttentionSpec.plain();
      if (modifier != null) {
        Alibi alibi = (Alibi) modifier;
        short0 =
            short0.withModifier((batch, head, query, key, score) ->
                alibi.modify(batch, head, query + missing, key, score));
      }
      Tensor want = ExactAttention.apply(q, knownKeys, knownValues, short0);
      List<Tensor> wanted = gradients(want, q, k, v);
      AttentionSpec spec = masked;
      List<Supplier<Tensor>> ways =
          List.of(
              () -> ExactAttention.apply(q, k, v, spec),
              () -> ExactAttention.attend(q, k, v, spec).output(),
              () -> new ScaledDotProduct().apply(q, k, v, request).output(),
              () -> new ScaledDotProduct().apply(q, k, v, request.withWeights()).output());
      for (Supplier<Tensor> way : ways) {
        Tensor output = way.get();
        assertClose("output", output, want, dtype);
        assertClose("without gradients", Gradients.disabled(way), want, dtype);
        List<Tensor> gradients = gradients(output, q, k, v);
        for (int i = 0; i < 3; i++) {
          assertClose("gradient of " + "qkv".charAt(i), gradients.get(i), wanted.get(i), dtype);
        }
      }
      Tensor weights = ExactAttention.attend(q, k, v, spec).weights().all();
      assertThat(weights.isFinite().all().toBooleanArray()).containsExactly(true);
      assertThat(NaiveAttention.largest(weights.narrow(3, KNOWN, missing))).isZero();
    }
  }

  @TestFactory
  Stream<DynamicTest> queries_before_a_broken_key_know_nothing_of_it() {
    return everywhere((dtype, broken, queries) -> {
      if (queries == 1) {
        return;
      }
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(13)) {
        Sizes sizes = new Sizes(1, 2, 1, queries, queries, 9, 5);
        Tensor q = sizes.q(generator, dtype).requiresGrad(true);
        Tensor k = sizes.k(generator, dtype);
        Tensor v = sizes.v(generator, dtype);
        int before = queries - 3;
        Tensor brokenKeys = spoilt(k, 3, broken);
        Tensor brokenValues = spoilt(v, 3, broken);
        AttentionSpec spec = AttentionSpec.plain().withMask(AttentionMask.causal());
        AttentionRequest request = AttentionRequest.of(AttentionMask.causal()).withWeights();
        Tensor want = ExactAttention.apply(q, k, v, spec).narrow(2, 0, before);
        Tensor wanted = Gradients.of(sum(want), List.of(q)).getFirst().narrow(2, 0, before);
        List<Supplier<Tensor>> ways =
            List.of(
                () -> ExactAttention.apply(q, brokenKeys, brokenValues, spec),
                () -> ExactAttention.attend(q, brokenKeys, brokenValues, spec).output(),
                () -> new ScaledDotProduct().apply(q, brokenKeys, brokenValues, request).output());
        for (Supplier<Tensor> way : ways) {
          Tensor output = way.get();
          assertClose("output", output.narrow(2, 0, before), want, dtype);
          assertThat(output.narrow(2, before, 3).isFinite().any().toBooleanArray())
              .as("a query that sees it")
              .containsExactly(false);
          assertClose(
              "without gradients", Gradients.disabled(way).narrow(2, 0, before), want, dtype);
          Tensor gradient = Gradients.of(sum(output.narrow(2, 0, before)), List.of(q)).getFirst();
          assertClose("gradient", gradient.narrow(2, 0, before), wanted, dtype);
        }
      }
    });
  }

  /** The last keys overwritten; where they are infinite some stay as they were, of either sign. */
  private static Tensor spoilt(Tensor x, int last, float broken) {
    Tensor end = x.narrow(2, x.size(2) - last, last);
    Tensor filled = Tensor.full(end.shape(), broken, x.dtype());
    return Tensor.cat(List.of(x.narrow(2, 0, x.size(2) - last), filled), 2).detach();
  }

  private static Tensor sum(Tensor output) {
    Tensor ramp = Tensor.arange(output.elements(), DType.F32).view(output.shape().toArray()).sin();
    return output.to(DType.F32).mul(ramp).sum();
  }

  private static List<Tensor> gradients(Tensor output, Tensor... inputs) {
    return Gradients.of(sum(output), List.of(inputs));
  }

  private static void assertClose(String what, Tensor actual, Tensor expected, DType dtype) {
    double difference = NaiveAttention.largest(actual.to(DType.F64).sub(expected.to(DType.F64)));
    assertThat(difference)
        .as(what)
        .isLessThanOrEqualTo(
            3
                * FormulaCheck.tolerance(dtype == DType.F64 ? DType.F32 : dtype)
                * Math.max(1, NaiveAttention.largest(expected)));
  }
}
