package dev.heed.picture.mechanism;

import static dev.heed.fixture.TensorAssert.assertClose;
import static dev.heed.fixture.TensorAssert.assertValues;

import dev.heed.attention.AttentionRequest;
import dev.heed.attention.ScaledDotProduct;
import dev.heed.attention.mask.AttentionMask;
import dev.heed.fixture.Tolerance;
import dev.heed.mixer.linear.LinearAttention;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class EffectiveMapTest {
  private static final long SEED = 31;

  @Test
  void of_a_softmax_it_is_the_weights() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor q = Tensor.randn(random, Shape.of(2, 6, 5, 3), DType.F64);
      Tensor k = Tensor.randn(random, Shape.of(2, 2, 7, 3), DType.F64);
      AttentionRequest request = AttentionRequest.of(AttentionMask.causal());
      Tensor weights =
          new ScaledDotProduct().apply(q, k, k, request.withWeights()).requireWeights();
      assertClose(EffectiveMap.of(new ScaledDotProduct(), q, k, request), weights);
    }
  }

  @Test
  void of_linear_attention_it_is_the_map_written_down() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(SEED)) {
      Tensor q = Tensor.randn(random, Shape.of(2, 3, 5, 7), DType.F64);
      Tensor k = Tensor.randn(random, Shape.of(2, 3, 5, 7), DType.F64);
      LinearAttention attention = LinearAttention.transformer(true);
      Tensor map =
          EffectiveMap.of(attention.mechanism(), q, k, AttentionRequest.of(AttentionMask.causal()));
      assertClose(map, attention.weights(q, k, null));
    }
  }

  @Test
  void impulses_give_a_convolution_back() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor sums = EffectiveMap.ofImpulses(3, x -> x.cumsum(1));
      assertValues(sums, 1, 0, 0, 1, 1, 0, 1, 1, 1);
    }
  }

  /** {@code y_i = 2 x_i + x_{i-1}²}: the derivative by the earlier input is twice that input. */
  @Test
  void influence_is_the_norm_of_the_derivative() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new double[] {3, 5, 7}, 1, 3, 1);
      Tensor influence =
          EffectiveMap.influence(
              y -> y.mul(2).add(y.square().narrow(1, 0, 2).pad(0, 0, 0, 1, 0)), x);
      Tensor expected = Tensor.of(new double[] {2, 0, 0, 6, 2, 0, 0, 10, 2}, 3, 3);
      assertClose(influence, expected, new Tolerance(1e-8, 1e-8));
    }
  }
}
