package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class CustomGradientTest {
  private TensorScope scope;
  private Generator generator;

  @BeforeEach
  void open() {
    scope = TensorScope.open();
    generator = new Generator(3);
  }

  @AfterEach
  void close() {
    generator.close();
    scope.close();
  }

  /** {@code 2 x y}, with its gradients by hand. */
  private static Tensor product(Tensor x, Tensor y) {
    return CustomGradient.apply(
        List.of(x, y),
        () -> new CustomGradient.Forward(x.mul(2).matmul(y), List.of(x, y)),
        (grad, saved) ->
            List.of(
                grad.matmul(saved.get(1).transpose(0, 1)).mul(2),
                saved.get(0).transpose(0, 1).matmul(grad).mul(2)));
  }

  private Tensor random(long... sizes) {
    return Tensor.randn(generator, sizes).requiresGrad(true);
  }

  @Test
  void gradients_equal_autograd_to_the_bit() {
    Tensor x = random(2, 3);
    Tensor y = random(3, 5);
    Tensor w = Tensor.randn(generator, 2, 5);
    List<Tensor> expected = Gradients.of(x.mul(2).matmul(y).exp().mul(w).sum(), List.of(x, y));
    List<Tensor> got = Gradients.of(product(x, y).exp().mul(w).sum(), List.of(x, y));
    assertThat(got.get(0).toFloatArray()).containsExactly(expected.get(0).toFloatArray());
    assertThat(got.get(1).toFloatArray()).containsExactly(expected.get(1).toFloatArray());
  }

  /** What LibTorch hands to a hook would else live until the next collection of garbage. */
  @Test
  void nothing_native_is_left_behind_by_a_backward_pass() {
    Tensor x = random(2, 3);
    Tensor y = random(3, 5);
    try (GradientArrivals watching = new GradientArrivals(List.of(x))) {
      AtomicInteger arrived = new AtomicInteger();
      long before = 0;
      for (int i = 0; i < 20; i++) {
        try (TensorScope inner = TensorScope.open()) {
          Tensor z = product(x, y);
          Tensor loss = product(z.exp(), y.transpose(0, 1)).sum();
          List<Tensor> gradients =
              watching.during(
                  (input, gradient) -> arrived.incrementAndGet(),
                  () -> Gradients.of(loss, List.of(x, y)));
          assertThat(gradients).hasSize(2);
          assertThat(inner).isNotNull();
        }
        if (i == 4) {
          before = Pointer.totalCount();
        }
      }
      assertThat(arrived).hasValue(20);
      assertThat(Pointer.totalCount()).isEqualTo(before);
    }
  }

  @Test
  void one_input_used_twice_receives_both_shares() {
    Tensor x = random(3, 3);
    float[] got =
        Gradients.of(product(x, product(x, x)).sum(), List.of(x)).getFirst().toFloatArray();
    float[] expected =
        Gradients.of(x.matmul(x.matmul(x)).mul(4).sum(), List.of(x)).getFirst().toFloatArray();
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).isCloseTo(expected[i], org.assertj.core.api.Assertions.within(1e-4f));
    }
  }

  @Test
  void inputs_without_gradients_are_skipped() {
    Tensor x = Tensor.randn(generator, 2, 3);
    Tensor y = random(3, 5);
    assertThat(product(x, x.transpose(0, 1)).requiresGrad()).isFalse();
    assertThat(Gradients.of(product(x, y).sum(), List.of(y)).getFirst().shape())
        .isEqualTo(Shape.of(3, 5));
    assertThat(Gradients.disabled(() -> product(x, y)).requiresGrad()).isFalse();
  }

  @Test
  void infinite_inputs_do_not_poison_the_tie() {
    Tensor x = Tensor.of(new float[] {Float.POSITIVE_INFINITY, 1}).requiresGrad(true);
    Tensor y =
        CustomGradient.apply(
            List.of(x),
            () -> new CustomGradient.Forward(x.clamp(-1, 1), List.of()),
            (grad, saved) -> List.of(grad.mul(3)));
    assertThat(y.toFloatArray()).containsExactly(1, 1);
    assertThat(Gradients.of(y.sum(), List.of(x)).getFirst().toFloatArray()).containsExactly(3, 3);
  }

  @Test
  void a_missing_gradient_is_zero() {
    Tensor x = random(3);
    Tensor y =
        CustomGradient.apply(
            List.of(x),
            () -> new CustomGradient.Forward(x.mul(5), List.of()),
            (grad, saved) -> Arrays.asList((Tensor) null));
    assertThat(Gradients.of(y.sum(), List.of(x)).getFirst().toFloatArray())
        .containsExactly(0, 0, 0);
  }

  @Test
  void callbacks_survive_garbage_collection_while_the_graph_lives() {
    Tensor x = random(2, 3);
    Tensor y = random(3, 5);
    Tensor loss = TensorScope.run(() -> product(x, y).sum());
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    assertThat(Gradients.of(loss, List.of(x)).getFirst().abs().max().item()).isPositive();
  }

  @Test
  void everything_saved_is_freed_with_the_graph() {
    Tensor x = random(2, 3);
    Tensor y = random(3, 5);
    long before = TensorScope.liveHandles();
    AtomicInteger rounds = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      try (TensorScope step = TensorScope.open()) {
        Gradients.of(product(x, y).sum(), List.of(x, y));
        product(x, y); // forgotten without a backward pass
        rounds.incrementAndGet();
        assertThat(step).isNotNull();
      }
    }
    assertThat(rounds.get()).isEqualTo(100);
    assertThat(TensorScope.liveHandles()).isEqualTo(before);
  }

  @Test
  void a_backward_pass_may_recompute_with_gradients() {
    Tensor x = random(5);
    Tensor y =
        CustomGradient.apply(
            List.of(x),
            () -> new CustomGradient.Forward(x.tanh().exp(), List.of(x)),
            (grad, saved) ->
                Gradients.enabled(() -> {
                  Tensor again = saved.getFirst().detach().requiresGrad(true);
                  return List.of(Gradients.of(again.tanh().exp(), grad, List.of(again)).getFirst());
                }));
    float[] expected = Gradients.of(x.tanh().exp().sum(), List.of(x)).getFirst().toFloatArray();
    assertThat(Gradients.of(y.sum(), List.of(x)).getFirst().toFloatArray())
        .containsExactly(expected);
  }

  @Test
  void what_a_backward_pass_threw_is_thrown() {
    Tensor x = random(3);
    Tensor y =
        CustomGradient.apply(
            List.of(x),
            () -> new CustomGradient.Forward(x.mul(5), List.of()),
            (grad, saved) -> {
              throw new UnsupportedOperationException("no gradient of five times x");
            });
    assertThatThrownBy(() -> Gradients.of(y.sum(), List.of(x)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("no gradient of five times x");
    assertThatThrownBy(() -> y.sum().backward())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("no gradient of five times x");
  }

  @Test
  void a_graph_that_was_freed_says_so() {
    Tensor x = random(2, 3);
    Tensor y = random(3, 5);
    Tensor loss = product(x, y).sum();
    loss.backward();
    TensorScope.liveHandles();
    assertThatThrownBy(loss::backward)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "gradients: an earlier backward pass has freed this graph; compute the output again");
  }

  @Test
  void a_graph_that_is_kept_runs_backwards_again() {
    Tensor x = random(2, 3);
    Tensor y = random(3, 5);
    Tensor loss = product(x, y).sum();
    float[] first = Gradients.of(loss, null, List.of(x, y), true).getFirst().toFloatArray();
    TensorScope.liveHandles();
    assertThat(Gradients.of(loss, null, List.of(x, y), false).getFirst().toFloatArray())
        .containsExactly(first);
  }

  /** A thread does not look for finished nodes at every scope it closes, yet soon enough. */
  @Test
  void many_steps_within_one_scope_hold_no_more_than_a_few() {
    Tensor x = random(2, 3);
    Tensor y = random(3, 5);
    Tensor kept = y;
    for (int i = 0; i < 50; i++) {
      kept = kept.add(product(x, y).sum());
    }
    long most = 0;
    long before = TensorScope.liveHandles();
    for (int step = 0; step < 300; step++) {
      try (TensorScope inner = TensorScope.open()) {
        assertThat(inner).isNotNull();
        Gradients.of(product(x, y).sum(), List.of(x, y));
      }
      most = Math.max(most, TensorScope.openNow() - before);
    }
    assertThat(most).isLessThan(300);
    assertThat(kept.requiresGrad()).isTrue();
  }

  /** The token is let go of before the last gradient arrives, and anyone may look just then. */
  @Test
  void other_threads_that_look_for_what_is_finished_disturb_nobody() throws InterruptedException {
    AtomicBoolean done = new AtomicBoolean();
    List<Thread> looking = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      looking.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!done.get()) {
                  TensorScope.liveHandles();
                }
              }));
    }
    Tensor x = random(2, 3);
    Tensor y = random(3, 5);
    float[] expected = Gradients.of(x.mul(2).matmul(y).sum(), List.of(x)).getFirst().toFloatArray();
    long end = System.nanoTime() + 1_000_000_000L;
    try {
      while (System.nanoTime() < end) {
        try (TensorScope step = TensorScope.open()) {
          assertThat(step).isNotNull();
          assertThat(Gradients.of(product(x, y).sum(), List.of(x, y)).getFirst().toFloatArray())
              .containsExactly(expected);
        }
      }
    } finally {
      done.set(true);
      for (Thread thread : looking) {
        thread.join();
      }
    }
  }
}
