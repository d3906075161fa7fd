package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two maps with GELU between, against the single steps in double precision. */
@Tag("unit")
class FusedFeedForwardTest {
  private static final Tolerance CLOSE = new Tolerance(1e-4, 1e-5);

  private static List<Tensor> inputs(Generator random) {
    return List.of(
        Tensor.randn(random, 3, 7, 13),
        Tensor.randn(random, 29, 13),
        Tensor.randn(random, 29),
        Tensor.randn(random, 11, 29),
        Tensor.randn(random, 11));
  }

  @Test
  void output_and_gradients_are_those_of_the_single_steps() {
    for (boolean tanh : new boolean[] {false, true}) {
      for (int frozen = -1; frozen < 5; frozen++) {
        try (TensorScope scope = TensorScope.open();
            Generator random = new Generator(3)) {
          List<Tensor> own = inputs(random);
          Tensor weights = Tensor.randn(random, 3, 7, 11);
          List<Tensor> wide = own.stream().map(tensor -> tensor.to(DType.F64)).toList();
          List<Tensor> learning = new ArrayList<>();
          List<Tensor> expected = new ArrayList<>();
          for (int i = 0; i < own.size(); i++) {
            if (i != frozen) {
              learning.add(own.get(i).requiresGrad(true));
              expected.add(wide.get(i).requiresGrad(true));
            }
          }
          Tensor y =
              FusedFeedForward.apply(
                  own.get(0), own.get(1), own.get(2), own.get(3), own.get(4), tanh);
          Tensor z =
              wide.get(0)
                  .linear(wide.get(1), wide.get(2))
                  .gelu(tanh)
                  .linear(wide.get(3), wide.get(4));
          TensorAssert.assertClose("y", y.to(DType.F64), z, CLOSE);
          List<Tensor> gradients = Gradients.of(y, weights, learning);
          List<Tensor> sure = Gradients.of(z, weights.to(DType.F64), expected);
          for (int i = 0; i < sure.size(); i++) {
            TensorAssert.assertClose(
                "gradient " + i + " without " + frozen,
                gradients.get(i).to(DType.F64),
                sure.get(i),
                CLOSE);
          }
        }
      }
    }
  }

  @Test
  void is_for_learning_in_single_precision() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.zeros(Shape.of(256, 384), DType.F32);
      Tensor inner = Tensor.zeros(Shape.of(512, 384), DType.F32);
      Tensor outer = Tensor.zeros(Shape.of(384, 512), DType.F32);
      assertThat(FusedFeedForward.fits(x, inner, outer)).isFalse();
      Tensor learning = Tensor.zeros(Shape.of(512, 384), DType.F32).requiresGrad(true);
      assertThat(FusedFeedForward.fits(x, learning, outer)).isEqualTo(Backend.usesOneDnn());
      assertThat(FusedFeedForward.fits(x.to(DType.F64), learning, outer)).isFalse();
      assertThat(FusedFeedForward.fits(x.narrow(0, 0, 2), learning, outer)).isFalse();
    }
  }
}
