package dev.heed.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.heed.tensor.DType;
import dev.heed.tensor.Generator;
import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class ByteGroupsTest {
  @Test
  void a_number_is_off_by_half_a_step_of_its_group_at_most() {
    try (TensorScope scope = TensorScope.open();
        Generator random = new Generator(5)) {
      // two groups of three, one a hundred times as wide as the other; not contiguous
      Tensor x =
          Tensor.randn(random, 2, 5, 3, 6)
              .mul(Tensor.of(new float[] {1, 1, 1, 100, 100, 100}, 6))
              .transpose(1, 2);
      ByteGroups groups = new ByteGroups(3);
      ByteGroups.Coded coded = groups.encode(x);
      assertThat(coded.codes().dtype()).isEqualTo(DType.U8);
      assertThat(coded.ranges().shape().toArray()).containsExactly(2, 3, 5, 4);
      double[] back = groups.decode(coded, DType.F64).contiguous().toDoubleArray();
      double[] given = x.to(DType.F64).contiguous().toDoubleArray();
      for (int from = 0; from < given.length; from += 3) {
        double low = Math.min(given[from], Math.min(given[from + 1], given[from + 2]));
        double high = Math.max(given[from], Math.max(given[from + 1], given[from + 2]));
        for (int i = from; i < from + 3; i++) {
          assertThat(back[i]).isCloseTo(given[i], within((high - low) / 255 * 0.501));
        }
      }
    }
  }

  @Test
  void the_ends_of_a_range_and_equal_numbers_come_back_as_they_were() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.of(new float[] {-2, 0.25f, 3, 7, 7, 7}, 1, 2, 1, 3);
      ByteGroups groups = new ByteGroups(0);
      float[] back = groups.decode(groups.encode(x), DType.F32).contiguous().toFloatArray();
      assertThat(back).startsWith(-2f).endsWith(7f, 7f, 7f);
      assertThat(back[2]).isCloseTo(3f, within(1e-6f));
      assertThat(groups.decode(groups.encode(x.to(DType.BF16)), DType.BF16).dtype())
          .isEqualTo(DType.BF16);
    }
  }

  @Test
  void groups_divide_a_head() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor x = Tensor.ones(dev.heed.tensor.Shape.of(1, 1, 1, 96), DType.F32);
      // 64 does not divide 96: the head is one group
      assertThat(new ByteGroups(0).encode(x).ranges().size(3)).isEqualTo(2);
      assertThat(new ByteGroups(0).encode(x.repeat(1, 1, 1, 2)).ranges().size(3)).isEqualTo(6);
      assertThatThrownBy(() -> new ByteGroups(64).encode(x))
          .hasMessage("q_group_size: expected a divisor of the heads' size, 96, got 64");
    }
    assertThatThrownBy(() -> new ByteGroups(-1)).hasMessageContaining("at least 1, got -1");
  }
}
