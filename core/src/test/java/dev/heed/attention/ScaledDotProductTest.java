package dev.heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Dropout;
import dev.heed.nn.Trace;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ScaledDotProductTest {
  private static final Tolerance TIGHT = new Tolerance(1e-10, 1e-12);
  private static final AttentionMechanism MECHANISM = new ScaledDotProduct();

  private TensorScope scope;
  private Generator generator;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
    generator = new Generator(61);
  }

  @AfterEach
  void close() {
    generator.close();
    scope.close();
  }

  private Tensor random(long... sizes) {
    return Tensor.randn(generator, Shape.of(sizes), DType.F64);
  }

  /** q = [0, √2] and identity keys give scores [0, 1]: weights [1, e] / (1 + e). */
  @Test
  void the_weights_of_a_small_case_are_those_derived_by_hand() {
    Tensor q = Tensor.of(new double[] {0, Math.sqrt(2)}, 1, 1, 1, 2);
    Tensor k = Tensor.eye(2, DType.F64).view(1, 1, 2, 2);
    Tensor v = Tensor.of(new double[] {3, 5, 7, 11, 13, 17}, 1, 1, 2, 3);
    AttentionOutput seen = MECHANISM.apply(q, k, v, AttentionRequest.plain().withWeights());
    double e = Math.E;
    TensorAssert.assertValues(seen.requireWeights(), 1 / (1 + e), e / (1 + e));
    TensorAssert.assertValues(
        seen.output(), (3 + 11 * e) / (1 + e), (5 + 13 * e) / (1 + e), (7 + 17 * e) / (1 + e));
    TensorAssert.assertValues(
        MECHANISM.apply(q, k, v, AttentionRequest.plain()).output(),
        (3 + 11 * e) / (1 + e),
        (5 + 13 * e) / (1 + e),
        (7 + 17 * e) / (1 + e));
  }

  /** Documents in order are attended to by themselves; scattered ones go through the mask. */
  @Test
  void documents_end_to_end_equal_their_mask() {
    List<AttentionMask> masks =
        List.of(
            AttentionMask.documents(3, 3, 1, 0, 4),
            AttentionMask.documents(Tensor.of(new long[] {7, 7, 7, 9, 9, 9, 7, 4, 4, 1, 1}, 1, 11)),
            AttentionMask.documents(11));
    for (AttentionMask mask : masks) {
      Tensor q = random(1, 4, 11, 5).requiresGrad(true);
      Tensor k = random(1, 2, 11, 5).requiresGrad(true);
      Tensor v = random(1, 2, 11, 7).requiresGrad(true);
      AttentionRequest request = AttentionRequest.of(mask);
      Tensor written = MECHANISM.apply(q, k, v, request.withWeights()).output();
      Tensor output = MECHANISM.apply(q, k, v, request).output();
      TensorAssert.assertClose(output, written, TIGHT);
      List<Tensor> expected = Gradients.of(written.square().sum(), List.of(q, k, v));
      List<Tensor> gradients = Gradients.of(output.square().sum(), List.of(q, k, v));
      for (int i = 0; i < 3; i++) {
        TensorAssert.assertClose(gradients.get(i), expected.get(i), TIGHT);
      }
    }
  }

  @Test
  void a_query_without_keys_gets_zeros_and_zero_gradients_on_both_paths() {
    Tensor q = random(2, 3, 5, 7).requiresGrad(true);
    Tensor k = random(2, 3, 11, 7).requiresGrad(true);
    Tensor v = random(2, 3, 11, 13).requiresGrad(true);
    AttentionRequest request = AttentionRequest.of(AttentionMask.lengths(0, 11));
    for (AttentionRequest each : List.of(request, request.withWeights())) {
      Tensor output = MECHANISM.apply(q, k, v, each).output();
      TensorAssert.assertEqual(output.select(0, 0), Tensor.zeros(Shape.of(3, 5, 13), DType.F64));
      for (Tensor gradient : Gradients.of(output.square().sum(), List.of(q, k, v))) {
        assertThat(gradient.isFinite().all().itemLong()).isEqualTo(1);
        assertThat(gradient.select(0, 0).abs().max().item()).isZero();
        assertThat(gradient.select(0, 1).abs().max().item()).isPositive();
      }
    }
  }

  @Test
  void rows_sum_to_one_and_masked_weights_are_zero() {
    AttentionMask mask = AttentionMask.slidingWindow(3);
    Tensor weights =
        MECHANISM
            .apply(
                random(2, 3, 7, 5),
                random(2, 3, 11, 5),
                random(2, 3, 11, 5),
                AttentionRequest.of(mask).withWeights())
            .requireWeights();
    TensorAssert.assertClose(weights.sum(-1, false), Tensor.ones(Shape.of(2, 3, 7), DType.F64));
    Tensor forbidden = mask.toTensor(2, 3, 7, 11).not();
    assertThat(weights.mul(forbidden.to(DType.F64)).abs().max().item()).isZero();
  }

  @Test
  void changing_the_future_changes_nothing_before_it() {
    Tensor q = random(1, 2, 11, 5);
    Tensor k = random(1, 2, 11, 5);
    Tensor v = random(1, 2, 11, 5);
    AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
    Tensor before = MECHANISM.apply(q, k, v, causal).output().narrow(2, 0, 7);
    Tensor other = Tensor.cat(List.of(k.narrow(2, 0, 7), random(1, 2, 4, 5)), 2);
    Tensor otherValues = Tensor.cat(List.of(v.narrow(2, 0, 7), random(1, 2, 4, 5)), 2);
    Tensor after = MECHANISM.apply(q, other, otherValues, causal).output().narrow(2, 0, 7);
    TensorAssert.assertClose(after, before, TIGHT);
  }

  @Test
  void padding_is_invisible() {
    Tensor q = random(2, 3, 5, 7);
    Tensor k = random(2, 3, 11, 7);
    Tensor v = random(2, 3, 11, 7);
    Tensor padded =
        MECHANISM.apply(q, k, v, AttentionRequest.of(AttentionMask.lengths(6, 6))).output();
    Tensor cut =
        MECHANISM.apply(q, k.narrow(2, 0, 6), v.narrow(2, 0, 6), AttentionRequest.plain()).output();
    TensorAssert.assertClose(padded, cut, TIGHT);
  }

  @Test
  void without_positions_the_order_of_keys_does_not_matter() {
    Tensor q = random(1, 2, 5, 7);
    Tensor k = random(1, 2, 11, 7);
    Tensor v = random(1, 2, 11, 3);
    Tensor order = Tensor.randperm(generator, 11);
    TensorAssert.assertClose(
        MECHANISM
            .apply(q, k.indexSelect(2, order), v.indexSelect(2, order), AttentionRequest.plain())
            .output(),
        MECHANISM.apply(q, k, v, AttentionRequest.plain()).output(),
        TIGHT);
  }

  @Test
  void a_replaced_pattern_decides_the_output() {
    Tensor q = random(1, 2, 3, 5);
    Tensor v = random(1, 2, 3, 7);
    try (Trace trace =
        Trace.changing()
            .replace("layer.pattern", p -> Tensor.eye(3, DType.F64).expand(1, 2, 3, 3))) {
      AttentionRequest request = AttentionRequest.of(null, trace).at("layer");
      TensorAssert.assertClose(MECHANISM.apply(q, q, v, request).output(), v, TIGHT);
    }
  }

  @Test
  void dropout_acts_in_training_only_and_keeps_the_mean() {
    AttentionMechanism dropping = new ScaledDotProduct(Double.NaN, new Dropout(0.5));
    Tensor q = random(1, 1, 211, 5);
    Tensor v = Tensor.ones(Shape.of(1, 1, 211, 3), DType.F64);
    TensorAssert.assertClose(dropping.apply(q, q, v, AttentionRequest.plain()).output(), v, TIGHT);
    try (Generator drops = new Generator(67);
        Trace training = Trace.training(drops)) {
      for (AttentionRequest request :
          List.of(
              AttentionRequest.of(null, training),
              AttentionRequest.of(null, training).withWeights())) {
        Tensor output = dropping.apply(q, q, v, request).output();
        assertThat(output.mean().item()).isBetween(0.9, 1.1);
        assertThat(output.sub(v).abs().max().item()).isPositive();
      }
    }
  }

  @Test
  void weights_that_nobody_asked_for_are_refused_with_the_remedy() {
    Tensor q = random(1, 1, 2, 3);
    AttentionOutput blind = MECHANISM.apply(q, q, q, AttentionRequest.plain());
    assertThatThrownBy(blind::requireWeights)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected a request withWeights()");
  }
}
