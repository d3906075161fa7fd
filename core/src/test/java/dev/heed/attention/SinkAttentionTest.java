package dev.heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.score.SoftCap;
import dev.heed.fixture.GradientCheck;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class SinkAttentionTest {
  private static Tensor random(int seed, DType dtype, long... sizes) {
    return Tensor.randn(new Generator(seed), Shape.of(sizes), dtype);
  }

  @Test
  void a_sink_takes_its_share_of_each_row() {
    try (TensorScope scope = TensorScope.open()) {
      // Scores ln 1 and ln 2, a sink of ln 3: shares 1/6 and 2/6.
      Tensor q = Tensor.of(new double[] {1}, 1, 1, 1, 1);
      Tensor k = Tensor.of(new double[] {0, Math.log(2)}, 1, 1, 2, 1);
      Tensor v = Tensor.of(new double[] {6, 12}, 1, 1, 2, 1);
      SinkAttention attention =
          new SinkAttention(new ScaledDotProduct(1), Tensor.of(new double[] {Math.log(3)}, 1));
      AttentionOutput seen = attention.apply(q, k, v, AttentionRequest.plain().withWeights());
      TensorAssert.assertClose(
          seen.requireWeights(),
          Tensor.of(new double[] {1 / 6.0, 2 / 6.0}, 1, 1, 1, 2),
          new Tolerance(1e-12, 1e-12));
      assertThat(attention.apply(q, k, v, AttentionRequest.plain()).output().item())
          .isEqualTo(5, within(1e-9));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void the_kernel_and_what_is_written_down_agree(DType dtype) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = random(1, dtype, 2, 6, 37, 8);
      Tensor k = random(2, dtype, 2, 3, 41, 8);
      Tensor v = random(3, dtype, 2, 3, 41, 5);
      SinkAttention attention = new SinkAttention(new ScaledDotProduct(), random(4, dtype, 6));
      AttentionRequest request =
          AttentionRequest.of(AttentionMask.slidingWindow(7)).withModifier(new SoftCap(2));
      TensorAssert.assertClose(
          attention.apply(q, k, v, request).output(),
          attention.apply(q, k, v, request.withWeights()).output(),
          dtype == DType.F32 ? new Tolerance(1e-5, 1e-6) : new Tolerance(1e-9, 1e-10));
    }
  }

  @Test
  void gradients_flow_to_sinks_too() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor q = random(1, DType.F64, 2, 4, 3, 2);
      Tensor k = random(2, DType.F64, 2, 2, 3, 2);
      Tensor v = random(3, DType.F64, 2, 2, 3, 2);
      Tensor sinks = random(4, DType.F64, 4);
      GradientCheck.check(
          () ->
              new SinkAttention(new ScaledDotProduct(), sinks)
                  .apply(q, k, v, AttentionRequest.of(AttentionMask.causal()))
                  .output()
                  .square()
                  .sum(),
          List.of(q, k, v, sinks),
          1e-5);
    }
  }
}
