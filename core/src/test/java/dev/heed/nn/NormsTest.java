package dev.heed.nn;

import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class NormsTest {
  private static final Tolerance CLOSE = new Tolerance(1e-12, 1e-12);

  @Test
  void each_head_has_its_own_gain_however_gains_are_stored() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor first = Tensor.of(new double[] {2, 3}, 2);
      Tensor second = Tensor.of(new double[] {5, 7}, 2);
      // Two heads, one token: (1, 3) and (4, 2) have mean 2 and 3, and deviation 1.
      Tensor x = Tensor.of(new double[] {1, 3, 4, 2}, 1, 2, 1, 2);
      Tensor wanted = Tensor.of(new double[] {-2, 3, 5, -7}, 1, 2, 1, 2);
      Weights one =
          Weights.from(
              new MapSource(Map.of("weight", Tensor.stack(java.util.List.of(first, second), 0))));
      try (PerHeadLayerNorm norm = PerHeadLayerNorm.of(one, 2, 2, 0)) {
        TensorAssert.assertClose(norm.apply(x), wanted, CLOSE);
      }
      Weights listed = Weights.from(new MapSource(Map.of("0.weight", first, "1.weight", second)));
      try (PerHeadLayerNorm norm = PerHeadLayerNorm.listed(listed, 2, 2, 0)) {
        TensorAssert.assertClose(norm.apply(x), wanted, CLOSE);
      }
    }
  }

  @Test
  void a_norm_around_one_adds_one_to_its_gain() {
    try (TensorScope scope = TensorScope.open()) {
      Map<String, Tensor> stored =
          Map.of(
              "weight",
              Tensor.of(new double[] {1, 2}, 2),
              "bias",
              Tensor.of(new double[] {10, 20}, 2));
      Tensor x = Tensor.of(new double[] {1, 3}, 1, 2);
      try (LayerNorm norm = LayerNorm.aroundOne(Weights.from(new MapSource(stored)), 2, 0)) {
        TensorAssert.assertClose(norm.apply(x), Tensor.of(new double[] {8, 23}, 1, 2), CLOSE);
      }
      TensorAssert.assertClose(
          LayerNorm.plain(0).apply(x), Tensor.of(new double[] {-1, 1}, 1, 2), CLOSE);
    }
  }

  @Test
  void xielu_is_quadratic_above_zero_and_exponential_below() {
    try (TensorScope scope = TensorScope.open()) {
      // softplus(0) = ln 2.
      Map<String, Tensor> stored =
          Map.of(
              "alpha_p",
              Tensor.zeros(dev.heed.tensor.Shape.of(1), DType.F64),
              "alpha_n",
              Tensor.zeros(dev.heed.tensor.Shape.of(1), DType.F64),
              "beta",
              Tensor.scalar(0.5, DType.F64),
              "eps",
              Tensor.scalar(-1e-6, DType.F64));
      double below = (Math.log(2) + 0.5) * (Math.expm1(-2) + 2) - 1;
      try (Xielu xielu = new Xielu(Weights.from(new MapSource(stored)))) {
        TensorAssert.assertClose(
            xielu.apply(Tensor.of(new double[] {3, -2, 0}, 3)),
            Tensor.of(new double[] {9 * Math.log(2) + 1.5, below, (Math.log(2) + 0.5) * -1e-6}, 3),
            new Tolerance(1e-9, 1e-11));
      }
    }
  }
}
