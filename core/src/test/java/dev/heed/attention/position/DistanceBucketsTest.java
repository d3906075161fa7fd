package dev.heed.attention.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.Tensor;
import dev.heed.tensor.TensorScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows of distances by hand. */
@Tag("unit")
class DistanceBucketsTest {
  @Test
  void plain_distances_have_rows_of_their_own_up_to_the_span() {
    DistanceBuckets plain = DistanceBuckets.plain(3);
    assertThat(plain.row(0)).isEqualTo(3);
    assertThat(plain.row(2)).isEqualTo(5);
    assertThat(plain.row(7)).isEqualTo(5);
    assertThat(plain.row(-3)).isEqualTo(0);
    assertThat(plain.row(-9)).isEqualTo(0);
  }

  @Test
  void far_distances_share_buckets_by_logarithms() {
    // Eight buckets of which four are near; the rest up to 63 by ln(d / 4) / ln(63 / 4) · 3.
    DistanceBuckets buckets = new DistanceBuckets(8, 8, 64);
    assertThat(buckets.row(4)).isEqualTo(12);
    assertThat(buckets.row(5)).isEqualTo(13);
    assertThat(buckets.row(10)).isEqualTo(13);
    assertThat(buckets.row(11)).isEqualTo(14);
    assertThat(buckets.row(63)).isEqualTo(15);
    assertThat(buckets.row(-5)).isEqualTo(3);
    assertThat(buckets.row(-63)).isEqualTo(1);
  }

  @Test
  void the_last_query_stands_beside_the_last_key() {
    try (TensorScope scope = TensorScope.open()) {
      Tensor rows = DistanceBuckets.plain(5).rows(2, 3);
      assertThat(rows.toLongArray()).containsExactly(6, 5, 4, 7, 6, 5);
      assertThat(DistanceBuckets.plain(5).rows(3, 2).toLongArray())
          .containsExactly(4, 3, 5, 4, 6, 5);
    }
  }

  @Test
  void sizes_that_cannot_be_are_refused() {
    assertThatThrownBy(() -> DistanceBuckets.plain(0))
        .hasMessageContaining("distances: expected a span from 1");
    assertThatThrownBy(() -> new DistanceBuckets(4, 4, 2))
        .hasMessageContaining("farthest distance from 3 with buckets, got 4 and 2");
  }
}
