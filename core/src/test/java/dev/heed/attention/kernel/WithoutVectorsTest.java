package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.OtherJvm;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A JVM without the Vector API computes the same, and a property forces a path. */
@Tag("unit")
class WithoutVectorsTest {
  @Test
  void without_the_module_attention_works_and_says_why_it_is_slower() throws Exception {
    String output = OtherJvm.run(WithoutVectorsTest.class);
    assertThat(output).contains("LIBTORCH: the Vector API is missing").contains("1.0 1.0");
  }

  @Test
  void the_property_forces_plain_loops() throws Exception {
    String output =
        OtherJvm.run(
            WithoutVectorsTest.class,
            "--add-modules",
            "jdk.incubator.vector",
            "-Dheed.attention.path=scalar");
    assertThat(output)
        .contains("SCALAR: forced by -Dheed.attention.path=scalar")
        .contains("1.0 1.0");
  }

  /** Attends to ones, with and without what LibTorch cannot do, and prints path and results. */
  public static void main(String[] arguments) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor ones = Tensor.ones(Shape.of(1, 2, 37, 5), DType.F32);
      AttentionSpec masked =
          AttentionSpec.plain()
              .withMask((batch, head, query, key) -> key <= query)
              .withModifier((batch, head, query, key, score) -> score / 2)
              .withDropout(1e-9, 3);
      PathChoice live = PathChoice.live();
      System.out.println(live.path() + ": " + live.reason());
      double plain = ExactAttention.apply(ones, ones, ones, AttentionSpec.plain()).mean().item();
      double weights =
          ExactAttention.attend(ones, ones, ones, masked).weights().all().sum().item() / 74;
      System.out.println(Math.round(plain * 1e5) / 1e5 + " " + Math.round(weights * 1e5) / 1e5);
    }
  }
}
