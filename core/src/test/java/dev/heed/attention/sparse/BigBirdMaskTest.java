package dev.heed.attention.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.attention.mask.BlockKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class BigBirdMaskTest {
  private static final BigBirdMask.Pattern PATTERN = new BigBirdMask.Pattern(3, 13, 2, 1, 1, 2, 5);
  private static final BigBirdMask MASK = new BigBirdMask(PATTERN);

  private static int blocksSeen(int head, int queryBlock) {
    int count = 0;
    for (int key = 0; key < PATTERN.blocks(); key++) {
      count += MASK.allows(0, head, 3 * queryBlock + 1, 3 * key + 2) ? 1 : 0;
    }
    return count;
  }

  @Test
  void an_inner_block_sees_its_window_both_ends_and_two_more() {
    for (int head = 0; head < 2; head++) {
      for (int block = 2; block < 11; block++) {
        assertThat(blocksSeen(head, block)).isEqualTo(3 + 2 + 2);
      }
    }
  }

  @Test
  void the_ends_see_all_and_are_seen_by_all() {
    assertThat(blocksSeen(0, 0)).isEqualTo(13);
    assertThat(blocksSeen(1, 12)).isEqualTo(13);
    for (int query = 0; query < 39; query++) {
      assertThat(MASK.allows(0, 1, query, 0)).isTrue();
      assertThat(MASK.allows(0, 1, query, 38)).isTrue();
    }
  }

  @Test
  void one_seed_draws_one_mask() {
    BigBirdMask again = new BigBirdMask(PATTERN);
    assertThat(again).isEqualTo(MASK).hasSameHashCodeAs(MASK);
    for (int query = 0; query < 39; query++) {
      for (int key = 0; key < 39; key++) {
        assertThat(again.allows(0, 1, query, key)).isEqualTo(MASK.allows(0, 1, query, key));
      }
    }
  }

  @Test
  void what_a_tile_is_called_is_true_of_every_pair() {
    for (int from = 0; from < 35; from += 5) {
      for (int key = 0; key < 35; key += 4) {
        int seen = 0;
        for (int i = from; i < from + 5; i++) {
          for (int j = key; j < key + 4; j++) {
            seen += MASK.allows(0, 0, i, j) ? 1 : 0;
          }
        }
        BlockKind expected =
            seen == 0 ? BlockKind.EMPTY : seen == 20 ? BlockKind.FULL : BlockKind.PARTIAL;
        assertThat(MASK.classify(0, 0, from, from + 5, key, key + 4)).isEqualTo(expected);
      }
    }
  }

  @Test
  void impossible_sizes_are_refused() {
    assertThatThrownBy(() -> new BigBirdMask.Pattern(0, 13, 2, 1, 1, 2, 5))
        .hasMessageContaining("expected block size, blocks and heads from 1")
        .hasMessageContaining("got 0, 13, 2, 1, 1, 2");
  }
}
