package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.OtherJvm;
import java.lang.management.ManagementFactory;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class NativeThreadsTest {
  private final int before = Backend.threads();

  @AfterEach
  void restore() {
    Backend.threads(before);
  }

  @Test
  void a_thread_that_computed_before_follows_with_its_next_scope() throws InterruptedException {
    Backend.threads(3);
    int[] seen = new int[4];
    Thread other =
        Thread.ofPlatform()
            .start(() -> {
              try (TensorScope scope = TensorScope.open()) {
                assertThat(scope).isNotNull();
                seen[0] = torch.get_num_threads();
                Thread setting = Thread.ofPlatform().start(() -> Backend.threads(2));
                while (setting.isAlive()) {
                  Thread.onSpinWait();
                }
                seen[1] = torch.get_num_threads();
                seen[2] = Backend.threads();
              }
              try (TensorScope scope = TensorScope.open()) {
                assertThat(scope).isNotNull();
                seen[3] = torch.get_num_threads();
              }
            });
    other.join();
    assertThat(seen).containsExactly(3, 3, 2, 2);
  }

  @Test
  void the_default_is_what_the_jvm_may_use() throws Exception {
    assertThat(OtherJvm.run(Count.class, "-XX:ActiveProcessorCount=1")).contains("threads 1 1");
  }

  /** On a machine with one core nothing spins either. */
  @Test
  void idle_threads_take_no_time() throws Exception {
    String output = OtherJvm.run(Idle.class);
    double share = Double.parseDouble(output.substring(output.indexOf("share ") + 6).strip());
    assertThat(share).as("share of a core while idle").isLessThan(0.5);
  }

  /** Prints how many threads LibTorch would use. */
  static final class Count {
    public static void main(String[] arguments) {
      try (TensorScope scope = TensorScope.open()) {
        assertThat(scope).isNotNull();
        System.out.println("threads " + Backend.threads() + " " + torch.get_num_threads());
      }
    }
  }

  /** Prints which share of a core the process takes while it waits between small operations. */
  static final class Idle {
    private static final int ROUNDS = 100;
    private static final int PAUSE_MILLIS = 8;

    public static void main(String[] arguments) throws InterruptedException {
      var system =
          (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      try (TensorScope scope = TensorScope.open()) {
        Backend.threads(2);
        Tensor x = Tensor.ones(Shape.of(1 << 17), DType.F32);
        Tensor y = Tensor.ones(Shape.of(128, 128), DType.F32);
        long idle = 0;
        for (int i = -ROUNDS; i < ROUNDS; i++) {
          try (TensorScope step = TensorScope.open()) {
            x.exp().sum();
            y.matmul(y);
            assertThat(step).isNotNull();
          }
          long from = system.getProcessCpuTime();
          Thread.sleep(PAUSE_MILLIS);
          idle += i < 0 ? 0 : system.getProcessCpuTime() - from;
        }
        assertThat(scope).isNotNull();
        System.out.println("share " + idle / (ROUNDS * PAUSE_MILLIS * 1e6));
      }
    }
  }
}
