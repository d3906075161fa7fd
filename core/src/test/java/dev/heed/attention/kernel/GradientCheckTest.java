package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.kernel.Samples.Learned;
import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.Alibi;
import dev.heed.attention.score.BucketBias;
import dev.heed.attention.score.RelativeBuckets;
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
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Analytic gradients against central differences in double: q, k, v and a learned table. */
@Tag("unit")
class GradientCheckTest {
  private static final double STEP = 1e-5;
  private static final Sizes SMALL = new Sizes(2, 4, 2, 5, 7, 3, 2);

  @TestFactory
  Stream<DynamicTest> gradients_equal_central_differences() {
    List<DynamicTest> tests = new ArrayList<>();
    for (double dropout : new double[] {0, 0.4}) {
      Samples.masks()
          .forEach((name, mask) ->
              tests.add(
                  DynamicTest.dynamicTest(
                      name + ", dropout " + dropout, () -> check(mask, dropout))));
    }
    return tests.stream();
  }

  private static void check(AttentionMask mask, double dropout) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(23)) {
      Tensor weights = SMALL.output(generator, DType.F64);
      List<double[]> values =
          List.of(
              SMALL.q(generator, DType.F64).toDoubleArray(),
              SMALL.k(generator, DType.F64).toDoubleArray(),
              SMALL.v(generator, DType.F64).toDoubleArray(),
              Tensor.randn(generator, 4, 5).toDoubleArray());
      List<Tensor> inputs = tensors(values);
      inputs.forEach(input -> input.requiresGrad(true));
      List<Tensor> gradients = Gradients.of(loss(inputs, weights, mask, dropout), inputs);
      for (int i = 0; i < values.size(); i++) {
        double[] analytic = gradients.get(i).toDoubleArray();
        for (int j = 0; j < analytic.length; j += 3) {
          double numeric = difference(values, i, j, weights, mask, dropout);
          assertThat(analytic[j])
              .as("input %d, element %d", i, j)
              .isCloseTo(numeric, org.assertj.core.api.Assertions.within(1e-8));
        }
      }
    }
  }

  private static double difference(
      List<double[]> values,
      int input,
      int at,
      Tensor weights,
      AttentionMask mask,
      double dropout) {
    double before = values.get(input)[at];
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      values.get(input)[at] = before + (side == 0 ? STEP : -STEP);
      try (TensorScope scope = TensorScope.open()) {
        losses[side] = loss(tensors(values), weights, mask, dropout).item();
      }
    }
    values.get(input)[at] = before;
    return (losses[0] - losses[1]) / (2 * STEP);
  }

  private static List<Tensor> tensors(List<double[]> values) {
    return List.of(
        Tensor.of(values.get(0), 2, 4, 5, 3),
        Tensor.of(values.get(1), 2, 2, 7, 3),
        Tensor.of(values.get(2), 2, 2, 7, 2),
        Tensor.of(values.get(3), 4, 5));
  }

  private static Tensor loss(
      List<Tensor> inputs, Tensor weights, AttentionMask mask, double dropout) {
    AttentionSpec spec =
        AttentionSpec.plain()
            .withMask(mask)
            .withModifier(new Learned(inputs.get(3)))
            .withDropout(dropout, 5);
    return ExactAttention.apply(inputs.get(0), inputs.get(1), inputs.get(2), spec)
        .mul(weights)
        .sum();
  }

  @Test
  void a_learned_table_gets_the_same_gradient_from_vectors_and_from_plain_loops() {
    check(Shape.of(6, 13), Learned::new);
  }

  @Test
  void buckets_get_the_same_gradient_from_vectors_and_from_plain_loops() {
    check(Shape.of(12, 6), table -> new BucketBias(new RelativeBuckets(true, 12, 40), table));
  }

  @Test
  void a_written_bias_gets_the_same_gradient_from_vectors_and_from_plain_loops() {
    check(Shape.of(1, 6, 97, 101), ScoreBias::new);
    check(Shape.of(2, 1, 97, 101), ScoreBias::new);
  }

  @Test
  void steps_get_the_same_gradients_from_vectors_and_from_plain_loops() {
    check(
        Shape.of(12, 6),
        table ->
            new SoftCap(2)
                .then(new BucketBias(new RelativeBuckets(false, 12, 40), table))
                .then(new SoftCap(1.5))
                .then(Alibi.ofHeads(6))
                .then(new ScoreScale(0.9)));
  }

  private static void check(Shape shape, Function<Tensor, ScoreModifier> modifier) {
    Sizes sizes = new Sizes(2, 6, 3, 97, 101, 16, 24);
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(29)) {
      List<Tensor> inputs =
          List.of(
              sizes.q(generator, DType.F64),
              sizes.k(generator, DType.F64),
              sizes.v(generator, DType.F64),
              Tensor.randn(generator, shape, DType.F64));
      Tensor weights = sizes.output(generator, DType.F64);
      List<Tensor> exact = gradients(inputs, weights, DType.F64, modifier);
      List<Tensor> fast = gradients(inputs, weights, DType.F32, modifier);
      for (int i = 0; i < exact.size(); i++) {
        double difference = NaiveAttention.largest(fast.get(i).to(DType.F64).sub(exact.get(i)));
        assertThat(difference)
            .as("input %d", i)
            .isLessThan(1e-5 * NaiveAttention.largest(exact.get(i)));
      }
    }
  }

  private static List<Tensor> gradients(
      List<Tensor> inputs, Tensor weights, DType dtype, Function<Tensor, ScoreModifier> modifier) {
    List<Tensor> typed =
        inputs.stream().map(input -> input.to(dtype).detach().requiresGrad(true)).toList();
    AttentionSpec spec = AttentionSpec.plain().withModifier(modifier.apply(typed.get(3)));
    Tensor output = ExactAttention.apply(typed.get(0), typed.get(1), typed.get(2), spec);
    return Gradients.of(output.mul(weights.to(dtype)).sum(), typed);
  }
}
