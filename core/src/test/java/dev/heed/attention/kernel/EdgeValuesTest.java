package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.RelativeBias;
import dev.heed.attention.score.ScoreBias;
import dev.heed.attention.score.ScoreModifier;
import dev.heed.attention.score.ScoreScale;
import dev.heed.attention.score.SoftCap;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Scores, biases, scales and caps of extreme size, and sizes of nothing, on every path. */
@Tag("unit")
class EdgeValuesTest {
  private static final List<DType> TYPES = List.of(DType.F64, DType.F32, DType.BF16);
  private static final Sizes SIZES = new Sizes(2, 2, 1, 37, 131, 5, 3);

  private static Stream<DynamicTest> onEveryPath(BiConsumer<AttentionPath, DType> body) {
    List<DynamicTest> tests = new ArrayList<>();
    for (AttentionPath path : AttentionPath.values()) {
      for (DType dtype : TYPES) {
        tests.add(
            DynamicTest.dynamicTest(
                path + ", " + dtype, () -> OnPath.run(path, () -> body.accept(path, dtype))));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> a_constant_bias_of_any_finite_size_changes_nothing() {
    return onEveryPath((path, dtype) -> {
      for (double bias : new double[] {1e4, -1e4, 1e29, -1e29, 1e31, -1e31, -3.4e38, 3.4e38}) {
        constantBias(dtype, bias);
      }
      if (dtype == DType.F64) {
        constantBias(dtype, -1e300);
        constantBias(dtype, -Double.MAX_VALUE);
      } else {
        constantBias(dtype, -Float.MAX_VALUE);
      }
    });
  }

  /** Where all scores are equal, whatever is added to them: the mean of what the mask allows. */
  private static void constantBias(DType dtype, double bias) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(5)) {
      Tensor q = Tensor.zeros(Shape.of(2, 2, 37, 5), dtype);
      Tensor k = SIZES.k(generator, dtype);
      Tensor v = SIZES.v(generator, dtype);
      AttentionMask mask = AttentionMask.causal();
      Tensor plane = Tensor.full(Shape.of(1, 1, 37, 131), bias, DType.F64).to(keep(dtype));
      for (ScoreModifier modifier : List.of(new ScoreBias(plane), new ConstantBias(bias))) {
        AttentionSpec spec = AttentionSpec.plain().withMask(mask);
        assertSame(q, k, v, spec.withModifier(modifier), spec);
        Tensor written =
            new ScaledDotProduct()
                .apply(q, k, v, AttentionRequest.of(mask).withModifier(modifier).withWeights())
                .output();
        assertClose(written, ExactAttention.apply(q, k, v, spec), tolerance(dtype));
      }
    }
  }

  /** The same bias everywhere. */
  private record ConstantBias(double bias) implements RelativeBias {
    @Override
    public double biasOf(int head, int distance) {
      return bias;
    }
  }

  /** The bias's own type: half precision has no room for 3.4e38. */
  private static DType keep(DType dtype) {
    return dtype == DType.F64 ? DType.F64 : DType.F32;
  }

  @TestFactory
  Stream<DynamicTest> scores_of_any_size_give_the_weights_of_their_differences() {
    return onEveryPath((path, dtype) -> {
      for (int keys : new int[] {3, 301}) { // a tile, and the pass for decoding
        try (TensorScope scope = TensorScope.open()) {
          Tensor q = Tensor.full(Shape.of(1, 1, 1, 1), -1e16, DType.F32).to(dtype);
          Tensor k = Tensor.full(Shape.of(1, 1, keys, 1), 1e16, DType.F32).to(dtype);
          Tensor v = Tensor.arange(keys, DType.F32).view(1, 1, keys, 1).to(dtype);
          double mean = ExactAttention.apply(q, k, v, AttentionSpec.plain().withScale(1)).item();
          assertThat(mean)
              .isCloseTo((keys - 1) / 2.0, org.assertj.core.api.Assertions.within(0.5e-2 * keys));
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> a_scale_may_be_negative_nothing_or_extreme() {
    return onEveryPath((path, dtype) -> {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(7)) {
        for (int queries : new int[] {1, 37}) {
          Sizes sizes = new Sizes(2, 2, 1, queries, 331, 5, 3);
          Tensor q = sizes.q(generator, dtype);
          Tensor k = sizes.k(generator, dtype);
          Tensor v = sizes.v(generator, dtype);
          AttentionSpec plain = AttentionSpec.plain();
          for (double scale : new double[] {-0.7, -3, 3}) {
            assertSame(
                q,
                k,
                v,
                plain.withScale(scale),
                plain.withScale(1).withModifier(new ScoreScale(scale)));
          }
          for (double none : new double[] {0, -0.0, 1e-45, -1e-300}) {
            assertClose(
                ExactAttention.apply(q, k, v, plain.withScale(none)),
                ExactAttention.apply(q.mul(0), k, v, plain),
                tolerance(dtype));
          }
          Tensor tiny = q.to(DType.F64).mul(1e-30).to(dtype);
          assertClose(
              ExactAttention.apply(tiny, k, v, plain.withScale(1e30)),
              ExactAttention.apply(q, k, v, plain.withScale(1)),
              20 * tolerance(dtype));
          assertClose(
              ExactAttention.apply(q.mul(0), k, v, plain.withScale(1e300)),
              ExactAttention.apply(q.mul(0), k, v, plain),
              tolerance(dtype));
        }
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> caps_and_factors_beyond_the_floats_are_as_in_double() {
    return onEveryPath((path, dtype) -> {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(7)) {
        Tensor q = SIZES.q(generator, dtype);
        Tensor k = SIZES.k(generator, dtype);
        Tensor v = SIZES.v(generator, dtype);
        AttentionSpec plain = AttentionSpec.plain();
        for (double none : new double[] {1e39, 1e300}) {
          assertSame(q, k, v, plain.withModifier(new SoftCap(none)), plain);
        }
        for (ScoreModifier flat :
            List.of(new SoftCap(1e-40), new SoftCap(1e-300), new ScoreScale(1e-300))) {
          assertSame(
              q,
              k,
              v,
              plain.withModifier(flat),
              plain.withModifier((b, h, i, j, score) -> 0 * score));
        }
      }
    });
  }

  @Test
  void numbers_that_mean_nothing_are_refused() {
    assertThatThrownBy(() -> new SoftCap(Double.POSITIVE_INFINITY))
        .hasMessage(
            "soft cap: expected a finite number above 0, got Infinity; leave it out for no cap");
    assertThatThrownBy(() -> new SoftCap(Double.NaN)).hasMessageContaining("got NaN");
    assertThatThrownBy(() -> new ScoreScale(Double.NaN))
        .hasMessage("score scale: expected a finite number, got NaN; 1 changes nothing");
    assertThatThrownBy(() -> new Alibi(List.of(0.5, Double.NaN)))
        .hasMessage("ALiBi: expected finite slopes, got [0.5, NaN]");
    assertThatThrownBy(() -> AttentionSpec.plain().withScale(Double.NEGATIVE_INFINITY))
        .hasMessage("scale: expected a finite number, got -Infinity; NaN stands for 1/√D");
  }

  @TestFactory
  Stream<DynamicTest> a_bias_of_minus_infinity_forbids() {
    return onEveryPath((path, dtype) -> {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(9)) {
        Tensor q = SIZES.q(generator, dtype);
        Tensor k = SIZES.k(generator, dtype);
        Tensor v = SIZES.v(generator, dtype);
        AttentionMask mask = (b, h, i, j) -> i != 100 && (i + j) % 3 != 0;
        Tensor bias =
            Tensor.zeros(Shape.of(1, 1, 37, 131), DType.F32)
                .maskedFill(mask.toTensor(1, 1, 37, 131).not(), Double.NEGATIVE_INFINITY);
        AttentionSpec plain = AttentionSpec.plain();
        assertSame(q, k, v, plain.withModifier(new ScoreBias(bias)), plain.withMask(mask));
      }
    });
  }

  @TestFactory
  Stream<DynamicTest> sizes_of_nothing_give_nothing_or_zeros() {
    return onEveryPath((path, dtype) -> {
      int[][] sizes = {
        {0, 2, 2, 3, 3, 4, 4},
        {1, 0, 0, 3, 3, 4, 4},
        {1, 0, 2, 3, 3, 4, 4},
        {1, 2, 2, 0, 3, 4, 4},
        {1, 2, 2, 3, 0, 4, 4},
        {1, 2, 2, 3, 3, 0, 4},
        {1, 2, 2, 3, 3, 4, 0},
        {1, 2, 2, 0, 0, 4, 4},
      };
      for (int[] s : sizes) {
        for (AttentionMask mask : Arrays.asList(null, AttentionMask.causal())) {
          empty(new Sizes(s[0], s[1], s[2], s[3], s[4], s[5], s[6]), dtype, mask);
        }
      }
    });
  }

  private static void empty(Sizes sizes, DType dtype, @Nullable AttentionMask mask) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(3)) {
      Tensor q = sizes.q(generator, dtype).requiresGrad(true);
      Tensor k = sizes.k(generator, dtype).requiresGrad(true);
      Tensor v = sizes.v(generator, dtype).requiresGrad(true);
      AttentionSpec spec = AttentionSpec.plain().withMask(mask);
      Tensor output = ExactAttention.apply(q, k, v, spec);
      assertThat(output.shape())
          .isEqualTo(Shape.of(sizes.batches(), sizes.heads(), sizes.queries(), sizes.values()));
      List<Tensor> gradients = Gradients.of(output.to(DType.F32).sum(), List.of(q, k, v));
      assertThat(gradients)
          .extracting(Tensor::shape)
          .containsExactly(q.shape(), k.shape(), v.shape());
      assertThat(NaiveAttention.largest(gradients.get(0))).isLessThan(1); // a number
      if (sizes.keys() == 0) {
        assertThat(NaiveAttention.largest(output)).isZero();
      }
      Tensor weights =
          ExactAttention.attend(q.detach(), k.detach(), v.detach(), spec).weights().all();
      assertThat(weights.shape())
          .isEqualTo(Shape.of(sizes.batches(), sizes.heads(), sizes.queries(), sizes.keys()));
    }
  }

  private static double tolerance(DType dtype) {
    return FormulaCheck.tolerance(dtype);
  }

  /** Output, gradients and weights on demand. */
  private static void assertSame(
      Tensor q, Tensor k, Tensor v, AttentionSpec actual, AttentionSpec expected) {
    List<Tensor> all = results(q, k, v, actual);
    List<Tensor> wanted = results(q, k, v, expected);
    for (int i = 0; i < all.size(); i++) {
      assertClose(all.get(i), wanted.get(i), tolerance(q.dtype()));
    }
  }

  private static List<Tensor> results(Tensor q, Tensor k, Tensor v, AttentionSpec spec) {
    List<Tensor> inputs =
        Stream.of(q, k, v).map(tensor -> tensor.detach().requiresGrad(true)).toList();
    Tensor output = ExactAttention.apply(inputs.get(0), inputs.get(1), inputs.get(2), spec);
    Tensor ramp = Tensor.arange(output.elements(), DType.F32).view(output.shape().toArray()).sin();
    List<Tensor> results =
        new ArrayList<>(Gradients.of(output.to(DType.F64).mul(ramp.to(DType.F64)).sum(), inputs));
    results.add(output);
    results.add(ExactAttention.attend(q, k, v, spec).weights().all());
    return results;
  }

  private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
    double difference = NaiveAttention.largest(actual.to(DType.F64).sub(expected.to(DType.F64)));
    assertThat(difference)
        .isLessThanOrEqualTo(tolerance * Math.max(1, NaiveAttention.largest(expected)));
  }
}
