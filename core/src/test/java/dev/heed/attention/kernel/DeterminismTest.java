package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.kernel.Samples.Learned;
import dev.heed.attention.kernel.Samples.Sizes;
import dev.heed.attention.kernel.Samples.Window;
import dev.heed.fixture.OtherJvm;
import dev.heed.tensor.Backend;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any number of threads gives the same bits, from run to run, compiled or not. */
@Tag("unit")
class DeterminismTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16})
  void one_two_and_seven_threads_give_the_same_bits(int heads) {
    Sizes sizes = new Sizes(1, heads, 1, 1033, 1039, 32, 16);
    int before = Backend.threads();
    try {
      List<byte[]> first = run(sizes, 1);
      for (int threads : new int[] {1, 2, 7, 2, 7}) {
        List<byte[]> again = run(sizes, threads);
        for (int i = 0; i < first.size(); i++) {
          assertThat(again.get(i))
              .as("result %d on %d threads", i, threads)
              .isEqualTo(first.get(i));
        }
      }
    } finally {
      Backend.threads(before);
    }
  }

  @Test
  void interpreted_and_compiled_code_give_the_same_bits() throws Exception {
    String interpreted =
        OtherJvm.run(DeterminismTest.class, "--add-modules", "jdk.incubator.vector", "-Xint");
    int before = Backend.threads();
    try {
      for (int i = 0; i < 50; i++) { // until compiled code has taken over
        assertThat(interpreted.strip()).as("run %d", i).endsWith("bits " + digest());
      }
    } finally {
      Backend.threads(before);
    }
  }

  private static int digest() {
    return run(new Sizes(1, 2, 1, 67, 71, 32, 16), 1).stream()
        .mapToInt(Arrays::hashCode)
        .reduce(0, (hash, next) -> 31 * hash + next);
  }

  /** Prints a digest of the bits of a small attention and its gradients. */
  public static void main(String[] arguments) {
    System.out.println("bits " + digest());
  }

  private static List<byte[]> run(Sizes sizes, int threads) {
    Backend.threads(threads);
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(31)) {
      List<Tensor> inputs =
          List.of(
              sizes.q(generator, DType.F32).requiresGrad(true),
              sizes.k(generator, DType.F32).requiresGrad(true),
              sizes.v(generator, DType.F32).requiresGrad(true),
              Tensor.randn(generator, Shape.of(sizes.heads(), 7), DType.F32).requiresGrad(true));
      AttentionSpec spec =
          AttentionSpec.plain()
              .withMask(new Window(701))
              .withModifier(new Learned(inputs.get(3)))
              .withDropout(0.1, 3);
      Tensor output = ExactAttention.apply(inputs.get(0), inputs.get(1), inputs.get(2), spec);
      List<Tensor> results = new ArrayList<>();
      results.add(output.detach());
      results.addAll(Gradients.of(output.sum(), inputs));
      return results.stream()
          .map(tensor ->
              tensor.contiguous().segment().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
          .toList();
    }
  }
}
