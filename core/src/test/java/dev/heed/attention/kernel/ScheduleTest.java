package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.attention.kernel.BlockSchedule.Partial;
import dev.heed.attention.kernel.Samples.Window;
import dev.heed.attention.mask.AttentionMask;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A schedule says exactly what its mask says, and costs what the mask leaves. */
@Tag("unit")
class ScheduleTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "31, 65", "97, 64", "130, 517", "517, 130", "1200, 1200"})
  void a_schedule_allows_exactly_the_pairs_of_its_mask(int queries, int keys) {
    Random random = new Random(queries * 1009L + keys);
    int[] salt = {random.nextInt(), random.nextInt()};
    for (AttentionMask mask :
        new AttentionMask[] {
          new Window(Integer.MAX_VALUE / 2),
          new Window(100),
          new Window(1),
          (b, h, q, k) -> Integer.hashCode(q * 31 + k * 17 + salt[0]) % 5 == 0,
          (b, h, q, k) -> (q / 200 + k / 200 + salt[1]) % 2 == 0,
          (b, h, q, k) -> true,
          (b, h, q, k) -> false
        }) {
      BlockSchedule schedule = ScheduleBuilder.build(mask, 0, 0, queries, keys);
      for (int query = 0; query < queries; query++) {
        for (int key = 0; key < keys; key++) {
          assertThat(allows(schedule, query, key))
              .as("query %d, key %d", query, key)
              .isEqualTo(mask.allows(0, 0, query + keys - queries, key));
        }
      }
    }
  }

  private static boolean allows(BlockSchedule schedule, int query, int key) {
    int tile = query / Lanes.TILE_QUERIES;
    int keyTile = key / Lanes.TILE_KEYS;
    for (int run = schedule.firstRun(tile); run < schedule.endRun(tile); run++) {
      if (schedule.firstTile(run) <= keyTile && keyTile < schedule.endTile(run)) {
        Partial partial = schedule.partial(run);
        int row = key % Lanes.TILE_KEYS;
        return partial == null
            || row >= partial.from()
                && row < partial.to()
                && (partial.bits()[row] >>> (query % Lanes.TILE_QUERIES) & 1) == 1;
      }
    }
    return false;
  }

  @Test
  void a_window_costs_the_same_for_every_query() {
    long half = ScheduleBuilder.build(new Window(256), 0, 0, 16384, 16384).tiles();
    long whole = ScheduleBuilder.build(new Window(256), 0, 0, 32768, 32768).tiles();
    assertThat(whole).isBetween(2 * half, 2 * half + 32);
    assertThat(half).isLessThan(16384L / 32 * 6);
  }

  @Test
  void equal_partial_tiles_are_stored_once() {
    BlockSchedule schedule = ScheduleBuilder.build(new Window(1 << 20), 0, 0, 4096, 4096);
    long different =
        java.util.stream.IntStream.range(0, 128)
            .mapToObj(tile -> schedule.partial(schedule.endRun(tile) - 1))
            .map(System::identityHashCode)
            .distinct()
            .count();
    assertThat(different).isEqualTo(2);
  }

  @Test
  void equal_masks_share_a_schedule_until_it_is_crowded_out() {
    ScheduleCache cache = new ScheduleCache(100_000);
    BlockSchedule first = cache.of(new Window(5), 640, 640).of(0, 0);
    assertThat(cache.of(new Window(5), 640, 640).of(3, 2)).isSameAs(first);
    assertThat(cache.of(new Window(5), 641, 641).of(0, 0)).isNotSameAs(first);
    for (int width = 6; width < 300; width++) {
      cache.of(new Window(width), 640, 640).of(0, 0);
    }
    assertThat(cache.of(new Window(5), 640, 640).of(0, 0)).isNotSameAs(first);
  }

  @Test
  void small_schedules_are_forgotten_by_their_count() {
    ScheduleCache cache = new ScheduleCache(64L << 20);
    for (int keys = 1; keys <= ScheduleCache.MOST + 10; keys++) {
      cache.of(null, 1, keys).of(0, 0);
    }
    assertThat(cache.size()).isEqualTo(ScheduleCache.MOST);
  }
}
