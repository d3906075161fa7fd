package dev.heed.attention.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionOutput;
import dev.heed.attention.AttentionRequest;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.sparse.AutoCorrelation.Variant;
import dev.heed.fixture.GradientCheck;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class AutoCorrelationTest {
  private static final Tolerance CLOSE = Tolerance.of(DType.F64);

  private final Generator random = new Generator(83);

  private Tensor normal(long... sizes) {
    return Tensor.randn(random, Shape.of(sizes), DType.F64);
  }

  private static AttentionOutput apply(Variant variant, Tensor q, Tensor k, Tensor v) {
    AttentionRequest request = AttentionRequest.plain().withWeights();
    return new AutoCorrelation(2, variant).apply(q, k, v, request);
  }

  /** Spikes two steps apart agree at one delay, so strongly that it takes all. */
  @Test
  void it_reads_at_the_delay_at_which_queries_and_keys_agree() {
    try (TensorScope scope = TensorScope.open()) {
      int time = 7;
      Tensor k = normal(1, 1, time, 2).mul(30);
      Tensor q = k.roll(2, 2); // q_{t+2} = k_t
      Tensor v = normal(1, 1, time, 3);
      Tensor output = apply(Variant.AUTHORS, q, k, v).output();
      // y_t = v_{t+2} over a series whose ends meet.
      TensorAssert.assertClose(output, v.roll(-2, 2), CLOSE);
    }
  }

  /** The definition, by two loops. */
  @Test
  void it_equals_the_sum_over_its_delays() {
    try (TensorScope scope = TensorScope.open()) {
      int time = 11;
      Tensor q = normal(1, 1, time, 1);
      Tensor k = normal(1, 1, time, 1);
      Tensor v = normal(1, 1, time, 1);
      double[] a = q.toDoubleArray();
      double[] b = k.toDoubleArray();
      double[] agreement = new double[time];
      for (int delay = 0; delay < time; delay++) {
        for (int t = 0; t < time; t++) {
          agreement[delay] += a[(t + delay) % time] * b[t];
        }
      }
      List<Integer> best =
          java.util.stream.IntStream.range(0, time)
              .boxed()
              .sorted(java.util.Comparator.comparingDouble(i -> -agreement[i]))
              .limit((long) (2 * Math.log(time)))
              .toList();
      double total = best.stream().mapToDouble(i -> Math.exp(agreement[i])).sum();
      double[] values = v.toDoubleArray();
      double[] expected = new double[time];
      for (int t = 0; t < time; t++) {
        for (int delay : best) {
          expected[t] += Math.exp(agreement[delay]) / total * values[(t + delay) % time];
        }
      }
      TensorAssert.assertClose(
          apply(Variant.AUTHORS, q, k, v).output(), Tensor.of(expected, 1, 1, time, 1), CLOSE);
    }
  }

  @ParameterizedTest
  @CsvSource({"AUTHORS, 7, 7", "AUTHORS, 5, 11", "AUTHORS, 11, 5", "TRANSFORMERS, 11, 7"})
  void the_map_gives_the_output_and_gradients_flow(Variant variant, long queries, long keys) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = normal(2, 4, queries, 3);
      Tensor k = normal(2, 2, keys, 3);
      Tensor v = normal(2, 2, keys, 2);
      AttentionOutput shown = apply(variant, q, k, v);
      assertThat(shown.requireWeights().shape()).isEqualTo(Shape.of(2, 4, queries, keys));
      TensorAssert.assertClose(
          shown.requireWeights().matmul(v.repeatInterleave(2, 1)), shown.output(), CLOSE);
      AutoCorrelation plain = new AutoCorrelation(2, variant);
      TensorAssert.assertClose(
          plain.apply(q, k, v, AttentionRequest.plain()).output(), shown.output(), CLOSE);
      Tensor weight = normal(2, 4, queries, 2);
      GradientCheck.check(
          () -> plain.apply(q, k, v, AttentionRequest.plain()).output().mul(weight).sum(),
          List.of(q, k, v),
          1e-5);
    }
  }

  @Test
  void a_training_batch_shares_its_delays_and_another_does_not() {
    try (TensorScope scope = TensorScope.open();
        Trace training = Trace.training(random)) {
      Tensor k = normal(2, 1, 7, 2).mul(30);
      Tensor q = Tensor.cat(List.of(k.narrow(0, 0, 1), k.narrow(0, 1, 1).roll(3, 2)), 0);
      Tensor v = normal(2, 1, 7, 3);
      AutoCorrelation one = new AutoCorrelation(1, Variant.AUTHORS);
      Tensor inferred = one.apply(q, k, v, AttentionRequest.plain()).output();
      TensorAssert.assertClose(inferred.narrow(0, 1, 1), v.narrow(0, 1, 1).roll(-3, 2), CLOSE);
      AttentionRequest shared = AttentionRequest.of(null, training).withWeights();
      Tensor map = one.apply(q, k, v, shared).requireWeights();
      assertThat(map.narrow(0, 0, 1).gt(0).eq(map.narrow(0, 1, 1).gt(0)).all().item()).isEqualTo(1);
    }
  }

  @Test
  void sizes_of_one_and_none_and_what_it_cannot_honour() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor one = normal(1, 1, 1, 3);
      // ⌊2 · log 1⌋ = 0 delays.
      TensorAssert.assertValues(apply(Variant.AUTHORS, one, one, one).output(), 0, 0, 0);
      Tensor none = normal(1, 1, 0, 3);
      assertThat(apply(Variant.AUTHORS, none, one, one).output().shape())
          .isEqualTo(Shape.of(1, 1, 0, 3));
      TensorAssert.assertValues(apply(Variant.AUTHORS, one, none, none).output(), 0, 0, 0);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
      assertThatThrownBy(() -> new AutoCorrelation(1, Variant.AUTHORS).apply(one, one, one, causal))
          .hasMessageContaining("expected no mask");
      assertThatThrownBy(() -> new AutoCorrelation(0, Variant.AUTHORS))
          .hasMessageContaining("factor: expected at least 1");
    }
  }
}
