package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each thread keeps its own mode, also a virtual one that goes on on another native thread. */
@Tag("unit")
class RecordingModeTest {
  private static final int THREADS = 12;
  private static final int STEPS = 60;

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Test
  void scopes_nest_on_a_platform_thread() {
    try (TensorScope scope = TensorScope.open()) {
      assertThat(scope).isNotNull();
      check(true, true);
      assertNested();
    }
  }

  @Test
  void virtual_threads_keep_their_mode_wherever_they_run() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int kind = i % 4;
      threads.add(Thread.ofVirtual().start(() -> keep(kind)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void gradients_reach_a_backward_pass_written_in_java_on_a_virtual_thread() throws Exception {
    List<float[]> got = new ArrayList<>();
    Thread.ofVirtual()
        .start(() -> {
          try (TensorScope scope = TensorScope.open()) {
            assertThat(scope).isNotNull();
            Tensor x = Tensor.of(new float[] {2, 3}).requiresGrad(true);
            Tensor y = Recomputed.apply(List.of(x), in -> in.getFirst().square());
            got.add(Gradients.of(y.sum(), List.of(x)).getFirst().toFloatArray());
          } catch (Throwable e) {
            failures.add(e);
          }
        })
        .join();
    assertThat(failures).isEmpty();
    assertThat(got.getFirst()).containsExactly(4, 6);
  }

  private void keep(int kind) {
    try {
      for (int step = 0; step < STEPS; step++) {
        switch (kind) {
          case 0 -> {
            try (TensorScope scope = TensorScope.inference()) {
              assertThat(scope).isNotNull();
              hop();
              check(false, false);
            }
          }
          case 1 -> Gradients.disabled(() -> inScope(false, true));
          case 2 -> inScope(true, true);
          default -> assertNested();
        }
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  private static void assertNested() {
    try (TensorScope inference = TensorScope.inference()) {
      assertThat(inference).isNotNull();
      check(false, false);
      hop();
      Gradients.enabled(() -> inScope(true, false));
      check(false, false);
    }
    Gradients.disabled(() -> {
      inScope(false, true);
      return Gradients.enabled(() -> inScope(true, true));
    });
    inScope(true, true);
  }

  private static boolean inScope(boolean recording, boolean trainable) {
    try (TensorScope scope = TensorScope.open()) {
      assertThat(scope).isNotNull();
      hop();
      check(recording, trainable);
      return true;
    }
  }

  private static void hop() {
    LockSupport.parkNanos(20_000);
    Thread.yield();
  }

  /** Whether operations record, and whether new tensors may enter a graph. */
  private static void check(boolean recording, boolean trainable) {
    assertThat(Gradients.areEnabled()).isEqualTo(recording);
    Tensor x = Tensor.ones(Shape.of(3), DType.F32);
    assertThat(x.handle().is_inference()).isEqualTo(!trainable);
    if (trainable) {
      x.requiresGrad(true);
      assertThat(x.mul(2).requiresGrad()).isEqualTo(recording);
    }
  }
}
