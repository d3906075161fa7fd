package dev.heed.attention.position;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.tensor.DType;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class RelativeShiftTest {

  /** Column c stands for distance Tk - 1 - c: after the shift row i, key j holds its distance. */
  @Test
  void each_key_gets_the_score_of_its_distance() {
    try (TensorScope scope = TensorScope.open()) {
      long queries = 3;
      long keys = 5;
      Tensor distances = Tensor.arange(keys, DType.F64).neg().add(keys - 1);
      Tensor shifted = RelativeShift.apply(distances.expand(1, 1, queries, keys).contiguous());
      double[] found = shifted.toDoubleArray();
      for (int row = 0; row < queries; row++) {
        int query = (int) (row + keys - queries);
        for (int key = 0; key <= query; key++) {
          assertThat(found[(int) (row * keys + key)]).isEqualTo(query - key);
        }
      }
    }
  }
}
