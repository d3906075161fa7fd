package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.fixture.TensorAssert;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("unit")
class PackedLinearTest {
  private final Generator random = new Generator(11);

  @ParameterizedTest
  @EnumSource
  void equals_a_map_and_an_activation_after_it(PackedLinear.Then then) {
    try (TensorScope scope = TensorScope.open()) {
      Tensor weight = Tensor.randn(random, 13, 7);
      Tensor bias = Tensor.randn(random, 13);
      Tensor x = Tensor.randn(random, 7, 5, 3).transpose(0, 2); // [3, 5, 7], not contiguous
      Tensor y = x.linear(weight, bias);
      Tensor expected =
          switch (then) {
            case NOTHING -> y;
            case RELU -> y.relu();
            case GELU -> y.gelu(false);
            case GELU_TANH -> y.gelu(true);
            case SILU -> y.silu();
            case TANH -> y.tanh();
            case SIGMOID -> y.sigmoid();
          };
      try (PackedLinear packed = PackedLinear.of(List.of(weight), List.of(bias))) {
        TensorAssert.assertClose(packed.apply(x, then), expected);
      }
    }
  }

  @Test
  void several_maps_stand_side_by_side_and_a_bias_may_be_missing() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor first = Tensor.randn(random, 3, 7);
      Tensor second = Tensor.randn(random, 5, 7);
      Tensor x = Tensor.randn(random, 1, 7);
      try (PackedLinear packed = PackedLinear.of(List.of(first, second), List.of())) {
        Tensor y = packed.apply(x, PackedLinear.Then.NOTHING);
        TensorAssert.assertClose(y.narrow(-1, 0, 3), x.linear(first, null));
        TensorAssert.assertClose(y.narrow(-1, 3, 5), x.linear(second, null));
      }
    }
  }

  @Test
  void half_precision_rounds_as_the_map_does() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor weight = Tensor.randn(random, 19, 31).to(DType.BF16);
      Tensor x = Tensor.randn(random, 17, 31).to(DType.BF16);
      try (PackedLinear packed = PackedLinear.of(List.of(weight), List.of())) {
        Tensor y = packed.apply(x, PackedLinear.Then.NOTHING);
        Tensor exact = x.to(DType.F32).linear(weight.to(DType.F32), null);
        TensorAssert.assertClose(y, exact.to(DType.BF16));
      }
    }
  }

  @Test
  void does_not_fit_where_gradients_flow_or_weights_have_changed() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor weight = Tensor.randn(random, 3, 7);
      Tensor x = Tensor.randn(random, 2, 7);
      try (PackedLinear packed = PackedLinear.of(List.of(weight), List.of())) {
        assertThat(packed.fits(x)).isTrue();
        assertThat(packed.fits(x.to(DType.F64))).isFalse();
        assertThat(packed.fits(Tensor.zeros(Shape.of(0, 7), DType.F32))).isFalse();
        Tensor learned = x.copy().requiresGrad(true);
        assertThat(packed.fits(learned)).isFalse();
        assertThat(Gradients.disabled(() -> packed.fits(learned))).isTrue();
        weight.requiresGrad(true);
        assertThat(packed.fits(x)).isFalse();
        weight.requiresGrad(false);
        assertThat(packed.fits(x)).isTrue();
        weight.assign(Tensor.zeros(Shape.of(3, 7), DType.F32));
        assertThat(packed.fits(x)).isFalse();
      }
    }
  }
}
