package dev.heed.attention;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.fixture.TensorAssert;
import dev.heed.fixture.Tolerance;
import dev.heed.nn.Weights;
import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class DifferentialHeadsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6})
  void shared_key_heads_are_as_good_as_repeated_ones(int keyHeads) {
    try (TensorScope scope = TensorScope.open();
        DifferentialHeads mechanism =
            new DifferentialHeads(
                Weights.initialise(new Generator(1), DType.F64),
                4,
                new ScaledDotProduct(),
                0.2,
                0.1,
                1e-5)) {
      Tensor q = Tensor.randn(new Generator(2), Shape.of(2, 6, 5, 4), DType.F64);
      Tensor k = Tensor.randn(new Generator(3), Shape.of(2, keyHeads, 5, 4), DType.F64);
      Tensor v = Tensor.randn(new Generator(4), Shape.of(2, keyHeads, 5, 4), DType.F64);
      AttentionRequest causal = AttentionRequest.of(AttentionMask.causal());
      Tensor shared = mechanism.apply(q, k, v, causal).output();
      Tensor repeated =
          mechanism
              .apply(
                  q,
                  ScaledDotProduct.perQueryHead(k, q),
                  ScaledDotProduct.perQueryHead(v, q),
                  causal)
              .output();
      TensorAssert.assertClose(shared, repeated, new Tolerance(1e-9, 1e-11));
    }
  }
}
