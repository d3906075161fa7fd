package dev.heed.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.OtherJvm;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process ends with its status, whatever its threads compute just then. */
@Tag("integration")
class ProcessEndTest {
  /** SIGKILL's number, which nobody handles. */
  private static final int STATUS = 9;

  @Test
  void nothing_is_destroyed_while_threads_compute() throws Exception {
    assertThat(OtherJvm.expecting(STATUS, Computing.class)).contains("computing");
  }

  @Test
  void a_process_that_has_closed_all_ends_as_the_c_library_does() throws Exception {
    assertThat(OtherJvm.expecting(STATUS, Idle.class)).contains("idle");
  }

  /** Ends within the long backward passes of several threads. */
  static final class Computing {
    private static final int THREADS = 4;

    private static final int STEPS = 2_000;

    public static void main(String[] arguments) throws Throwable {
      failInDestructors();
      CountDownLatch begun = new CountDownLatch(THREADS);
      for (int i = 0; i < THREADS; i++) {
        Thread.ofPlatform().daemon().start(() -> compute(begun));
      }
      begun.await();
      System.out.println("computing");
      System.exit(STATUS);
    }

    /**
     * What is registered before LibTorch is loaded runs after its destructors: it takes the status
     * for a signal and raises it, which ends the process by the signal.
     */
    private static void failInDestructors() throws Throwable {
      MethodHandle register =
          CLibrary.function("on_exit", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
      MemorySegment raise = CLibrary.address("raise");
      if (register != null && raise != null) {
        assertThat((int) register.invokeExact(raise, MemorySegment.NULL)).isZero();
      }
    }

    private static void compute(CountDownLatch begun) {
      try (TensorScope scope = TensorScope.open();
          Generator generator = new Generator(5)) {
        assertThat(scope).isNotNull();
        Tensor weight = Tensor.randn(generator, 64, 64).requiresGrad(true);
        Tensor x = weight;
        for (int i = 0; i < STEPS; i++) {
          x = x.matmul(weight).tanh();
        }
        begun.countDown();
        while (true) {
          Tensor loss = x.sum();
          Gradients.of(loss, null, List.of(weight), true).forEach(Tensor::close);
          loss.close();
        }
      }
    }
  }

  /** Has used LibTorch and closed everything. */
  static final class Idle {
    public static void main(String[] arguments) {
      try (TensorScope scope = TensorScope.open()) {
        assertThat(scope).isNotNull();
        System.out.println("idle " + Tensor.ones(Shape.of(3), DType.F32).sum().item());
      }
      System.exit(STATUS);
    }
  }
}
