package dev.heed.mixer.statespace;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.Decoding;
import dev.heed.attention.StepwiseForm;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.nn.Module;
import dev.heed.nn.WeightSource;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Fourier;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class StateSpaceTest {
  private static final int BATCH = 2;
  private static final int SIZE = 6;
  private static final int LENGTH = 13;
  private static final int PAST = 7;

  private final Generator generator = new Generator(29);
  private final Weights weights = Weights.initialise(generator, DType.F64);
  private TensorScope scope;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @EnumSource
  void s4_is_causal_and_equals_its_recurrence(Hippo measure) {
    try (S4 block = new S4(weights, SIZE, 4, measure, false)) {
      check(block, block::apply, block.stepwise());
    }
  }

  @Test
  void s4d_is_causal_and_equals_its_recurrence() {
    try (S4d layer = new S4d(weights, SIZE, 4)) {
      check(layer, layer::apply, layer.stepwise());
    }
  }

  @ParameterizedTest
  @EnumSource
  void h3_is_causal_and_equals_its_recurrence(H3.FeatureOrder order) {
    try (H3 layer = new H3(weights, SIZE, 4, 3, order)) {
      check(layer, layer::apply, layer.stepwise());
    }
  }

  /** So many sequences that the products of all key features are not held at once. */
  @Test
  void h3_takes_key_features_in_turn() {
    try (H3 layer = new H3(weights, 6, 4, 3, H3.FeatureOrder.HEADS_FIRST)) {
      Tensor x = Tensor.randn(generator, Shape.of(2000, 23, 6), DType.F64);
      Tensor few = x.narrow(0, 0, 2);
      List<Tensor> learning = List.copyOf(layer.trainable().values());
      Tensor all = layer.apply(x).narrow(0, 0, 2);
      Tensor alone = layer.apply(few);
      assertClose(all, alone);
      List<Tensor> gradients = Gradients.of(all.square().sum(), learning);
      List<Tensor> expected = Gradients.of(alone.square().sum(), learning);
      for (int i = 0; i < learning.size(); i++) {
        assertClose(gradients.get(i), expected.get(i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shared_diagonal_systems_equal_their_recurrence(Discretisation discretisation) {
    StateSpaceConfig sizes = new StateSpaceConfig(SIZE, 4, 3, 2);
    try (S4dKernel kernel = new S4dKernel(weights, sizes, discretisation)) {
      assertClose(kernel.kernel(LENGTH), impulse(kernel, LENGTH));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shared_low_rank_systems_equal_their_recurrence(Hippo measure) {
    StateSpaceConfig sizes = new StateSpaceConfig(SIZE, 4, 3, 2);
    try (S4Kernel kernel = new S4Kernel(weights, sizes, measure)) {
      assertClose(kernel.kernel(LENGTH), impulse(kernel, LENGTH));
      assertClose(kernel.kernel(8), impulse(kernel, 8));
      assertClose(kernel.kernel(1), impulse(kernel, 1));
    }
  }

  /** A checkpoint trained at one length gives the same kernel, cut or continued. */
  @ParameterizedTest
  @ValueSource(ints = {5, 6, 13, 16})
  void a_trained_output_serves_every_length(int trained) {
    StateSpaceConfig sizes = StateSpaceConfig.of(3, 4);
    try (S4Kernel fresh = new S4Kernel(weights, sizes, Hippo.LEGS)) {
      Map<String, Tensor> tensors = new HashMap<>(fresh.parameters());
      tensors.put("C", Fourier.viewAsReal(fresh.truncatedOutput(trained).contiguous()));
      tensors.put("l_kernel", Tensor.of(new long[] {trained}, 1).reshape());
      try (S4Kernel checkpoint =
          new S4Kernel(Weights.from(WeightSource.of(tensors)), sizes, Hippo.LEGS)) {
        assertClose(checkpoint.kernel(LENGTH), fresh.kernel(LENGTH));
        assertClose(impulse(checkpoint, LENGTH), fresh.kernel(LENGTH));
      }
    }
  }

  @Test
  void the_backward_kernel_begins_at_the_next_token() {
    Tensor u = Tensor.of(new double[] {1, 10, 100}, 3);
    Tensor forward = Tensor.of(new double[] {1, 2, 3}, 3);
    Tensor backward = Tensor.of(new double[] {5, 7, 9}, 3);
    assertValues(
        FourierConvolution.bidirectional(u, forward, backward),
        1 + 5 * 10 + 7 * 100,
        10 + 2 + 5 * 100,
        100 + 20 + 3);
  }

  @Test
  void a_bidirectional_block_has_no_recurrence() {
    try (S4 block = new S4(weights, SIZE, 4, Hippo.LEGS, true)) {
      assertThatThrownBy(block::stepwise)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("build a causal one");
    }
  }

  @Test
  void a_mask_that_the_construction_does_not_honour_is_refused() {
    try (S4d layer = new S4d(weights, SIZE, 4)) {
      Tensor x = Tensor.randn(generator, Shape.of(BATCH, LENGTH, SIZE), DType.F64);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
      assertClose(layer.apply(x, causal).output(), layer.apply(x));
      assertThatThrownBy(() -> layer.apply(x, AttentionRequest.of(AttentionMask.slidingWindow(3))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("S4d: expected no mask or");
    }
  }

  /** {@code V (Λ − P P*) V*} has the eigenvalues of A, so trace and trace of the square agree. */
  @ParameterizedTest
  @EnumSource
  void hippo_is_normal_plus_low_rank(Hippo measure) {
    int size = 8;
    Hippo.Diagonalised form = measure.diagonalised(size);
    Tensor p = DplrSystem.pairs(form.p());
    Tensor matrix =
        Tensor.eye(size, DType.F64)
            .mul(DplrSystem.pairs(form.values()).unsqueeze(-1))
            .sub(p.transpose(0, 1).matmul(Fourier.conjugate(p)));
    Tensor a = measure.transition(size);
    assertClose(trace(Fourier.real(matrix)), trace(a));
    assertClose(trace(Fourier.real(matrix.matmul(matrix))), trace(a.matmul(a)));
  }

  private static Tensor trace(Tensor matrix) {
    return matrix.diagonal(0, 0, 1).sum();
  }

  @Test
  void impossible_sizes_are_named() {
    assertThatThrownBy(() -> StateSpaceConfig.of(3, 5)).hasMessageContaining("an even state");
    assertThatThrownBy(() -> new StateSpaceConfig(5, 4, 1, 2)).hasMessageContaining("divides 5");
    assertThatThrownBy(() -> new H3(weights, 5, 4, 2, H3.FeatureOrder.HEADS_FIRST))
        .hasMessageContaining("divides 5, got 2");
    assertThatThrownBy(() -> Hippo.LEGS.diagonalised(3)).hasMessageContaining("even state size");
  }

  private <S> void check(Module module, UnaryOperator<Tensor> whole, StepwiseForm<S> form) {
    assertThat(module.parameterCount()).isPositive();
    Tensor x = Tensor.randn(generator, Shape.of(BATCH, LENGTH, SIZE), DType.F64);
    Tensor y = whole.apply(x);
    List<Tensor> outputs = new ArrayList<>();
    try (Decoding<S> decoding = Decoding.of(form, BATCH)) {
      for (int t = 0; t < LENGTH; t++) {
        outputs.add(decoding.next(x.select(1, t)));
      }
    }
    assertClose(Tensor.stack(outputs, 1), y);
    Tensor future = Tensor.randn(generator, Shape.of(BATCH, LENGTH - PAST, SIZE), DType.F64);
    BinaryOperator<Tensor> joined = (a, b) -> Tensor.cat(List.of(a, b), 1);
    Tensor changed = whole.apply(joined.apply(x.narrow(1, 0, PAST), future));
    assertClose(changed.narrow(1, 0, PAST), y.narrow(1, 0, PAST));
    assertThat(changed.narrow(1, PAST, 1).sub(y.narrow(1, PAST, 1)).abs().max().item())
        .isGreaterThan(1e-6);
  }

  /** The response of the recurrence to 1, 0, 0, …: {@code [K, H, length]}. */
  private static Tensor impulse(StateSpaceKernel kernel, int length) {
    LinearRecurrence recurrence = kernel.recurrence();
    long channels = kernel.kernel(1).size(1);
    Tensor state = recurrence.start();
    List<Tensor> outputs = new ArrayList<>();
    for (int t = 0; t < length; t++) {
      Tensor u = Tensor.full(Shape.of(channels), t == 0 ? 1 : 0, DType.F64);
      LinearRecurrence.Step step = recurrence.step(state, u);
      outputs.add(step.output());
      state = step.state();
    }
    return Tensor.stack(outputs, -1);
  }
}
