package dev.heed.attention.sparse;

import static dev.heed.fixture.TensorAssert.assertClose;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Gradients;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("unit")
class LshPartsTest {
  private static final int BATCH = 4200;

  /** So many sequences that not all scores are held at once; a few of them alone give the same. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void chunks_are_attended_to_in_turn(boolean looseBuckets) {
    LshAttention attention = new LshAttention(4, true, looseBuckets, looseBuckets);
    try (TensorScope scope = TensorScope.open();
        Generator generator = new Generator(43)) {
      Tensor qk = Tensor.randn(generator, Shape.of(BATCH, 16, 3), DType.F64).requiresGrad(true);
      Tensor v = Tensor.randn(generator, Shape.of(BATCH, 16, 5), DType.F64).requiresGrad(true);
      Tensor rotations = attention.rotations(generator, 16, 3, 2, DType.F64);
      Tensor all = attention.attend(qk, v, rotations, null, false).output().narrow(0, 0, 2);
      Tensor few =
          attention.attend(qk.narrow(0, 0, 2), v.narrow(0, 0, 2), rotations, null, false).output();
      assertClose(all, few);
      List<Tensor> inputs = List.of(qk, v);
      List<Tensor> gradients = Gradients.of(all.square().sum(), inputs);
      List<Tensor> expected = Gradients.of(few.square().sum(), inputs);
      assertClose(gradients.get(0), expected.get(0));
      assertClose(gradients.get(1), expected.get(1));
    }
  }
}
