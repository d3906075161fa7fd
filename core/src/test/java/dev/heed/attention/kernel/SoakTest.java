package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.fixture.OtherJvm;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * 100,000 calls, every tenth with gradients, leave memory as it was: in a JVM of its own whose heap
 * is small and full from the start, so that only native memory can grow.
 */
@Tag("soak")
class SoakTest {
  private static final int CALLS = 100_000;
  private static final long ALLOWED_GROWTH = 16L << 20;

  @Test
  void memory_stays_flat() throws Exception {
    String output =
        OtherJvm.run(
            SoakTest.class,
            "--add-modules",
            "jdk.incubator.vector",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-Xms64m",
            "-XX:+AlwaysPreTouch");
    Matcher found = Pattern.compile("handles (-?\\d+) bytes (-?\\d+)").matcher(output);
    assertThat(found.find()).as(output).isTrue();
    assertThat(Long.parseLong(found.group(1))).as("growth of handles").isZero();
    assertThat(Long.parseLong(found.group(2))).as("growth of bytes").isLessThan(ALLOWED_GROWTH);
  }

  /**
   * Makes the calls and prints by how much handles and resident bytes grew after the first third.
   */
  public static void main(String[] arguments) {
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(61)) {
      Sizes sizes = new Sizes(1, 2, 2, 33, 35, 16, 16);
      Tensor q = sizes.q(generator, DType.F32).requiresGrad(true);
      Tensor k = sizes.k(generator, DType.F32);
      Tensor v = sizes.v(generator, DType.F32);
      long handles = 0;
      long resident = 0;
      for (int call = 0; call < CALLS; call++) {
        if (call == CALLS / 3) {
          handles = TensorScope.liveHandles();
          resident = Backend.residentBytes();
        }
        AttentionMask mask = AttentionMask.slidingWindow(1 + call % 50);
        call(q, k, v, AttentionSpec.plain().withMask(mask), call % 10 == 0);
      }
      System.out.printf(
          "handles %d bytes %d%n",
          TensorScope.liveHandles() - handles, Backend.residentBytes() - resident);
    }
  }

  private static void call(Tensor q, Tensor k, Tensor v, AttentionSpec spec, boolean gradients) {
    try (TensorScope step = TensorScope.open()) {
      if (gradients) {
        Gradients.of(ExactAttention.apply(q, k, v, spec).sum(), List.of(q));
      } else {
        ExactAttention.apply(q.detach(), k, v, spec);
      }
    }
  }
}
