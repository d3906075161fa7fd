package dev.heed.explain;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.fixture.TensorAssert;
import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class PatchSumsTest {
  @Test
  void each_patch_adds_up_its_pixels_of_all_channels() {
    try (TensorScope scope = TensorScope.open()) {
      // two channels of 2 by 4 pixels, numbered from 0: patches of 2 by 2
      Tensor pixels = Tensor.arange(16, DType.F64).reshape(1, 2, 2, 4);
      TensorAssert.assertValues(PatchSums.of(pixels, 2), 52, 68);
      assertThatThrownBy(() -> PatchSums.of(pixels, 3))
          .hasMessageContaining("sides that 3 divides");
    }
  }
}
