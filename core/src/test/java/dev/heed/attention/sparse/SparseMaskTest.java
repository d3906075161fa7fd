package dev.heed.attention.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.mask.AttentionMask;
import dev.heed.attention.mask.BlockKind;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SparseMaskTest {
  private static String row(AttentionMask mask, int head, int query, int keys) {
    return IntStream.range(0, keys)
        .mapToObj(key -> mask.allows(0, head, query, key) ? "x" : ".")
        .collect(Collectors.joining());
  }

  @Test
  void strided_sees_every_stride_back() {
    assertThat(row(new StridedMask(3), 0, 7, 11)).isEqualTo(".x..x..x...");
  }

  @Test
  void fixed_sees_its_own_stretch_and_the_ends_of_earlier_ones() {
    FixedMask mask = new FixedMask(1, 5, 1, 2);
    assertThat(row(mask, 0, 11, 13)).isEqualTo("...xx...xxxx.");
  }

  @Test
  void heads_take_turns_among_the_groups_of_summary_columns() {
    FixedMask mask = new FixedMask(1, 5, 2, 1);
    assertThat(row(mask, 0, 5, 7)).isEqualTo("....xx.");
    assertThat(row(mask, 1, 5, 7)).isEqualTo("...x.x.");
    assertThat(row(mask, 2, 5, 7)).isEqualTo(row(mask, 0, 5, 7));
  }

  @Test
  void a_block_called_empty_has_no_pair_and_empty_blocks_are_found() {
    for (AttentionMask mask :
        List.of(new StridedMask(7), new FixedMask(2, 5, 2, 1), new FixedMask(1, 11, 1, 3))) {
      int found = 0;
      for (int from = 0; from < 60; from += 5) {
        for (int key = 0; key < 60; key += 3) {
          boolean any = false;
          for (int i = from; i < from + 5; i++) {
            any |= row(mask, 1, i, 63).substring(key, key + 3).contains("x");
          }
          BlockKind kind = mask.classify(0, 1, from, from + 5, key, key + 3);
          assertThat(kind).isNotEqualTo(BlockKind.FULL);
          if (kind == BlockKind.EMPTY) {
            assertThat(any).as("%s at %d, %d", mask, from, key).isFalse();
            found++;
          }
        }
      }
      assertThat(found).as("empty blocks of %s", mask).isGreaterThan(100);
    }
  }

  @Test
  void impossible_sizes_are_refused() {
    assertThatThrownBy(() -> new StridedMask(0)).hasMessage("stride: expected at least 1, got 0");
    assertThatThrownBy(() -> new FixedMask(1, 3, 2, 2))
        .hasMessageContaining("groups · summary ≤ stride")
        .hasMessageContaining("stride 3, groups 2, summary 2");
  }
}
