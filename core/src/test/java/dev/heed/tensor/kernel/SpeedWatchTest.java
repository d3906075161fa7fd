package dev.heed.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Slow vectors are noticed after a warm-up, and what else a machine does is not counted. */
@Tag("unit")
class SpeedWatchTest {
  private static final double FLOPS = 1e8;
  private static final double COLLAPSED = 5e8;

  /** Calls of so many seconds until the watch says that vectors collapsed; 100 if it never does. */
  private static int calls(SpeedWatch watch, double seconds) {
    int calls = 1;
    while (calls < 100 && Double.isNaN(watch.note(FLOPS, seconds, 1))) {
      calls++;
    }
    return calls;
  }

  @Test
  void slow_calls_collapse_after_the_warm_up_and_three_windows() {
    assertThat(calls(new SpeedWatch(COLLAPSED), 1)).isEqualTo(4 + 3);
  }

  @Test
  void fast_calls_and_one_fast_call_a_second_do_not() {
    assertThat(calls(new SpeedWatch(COLLAPSED), 0.1)).isEqualTo(100);
    SpeedWatch mixed = new SpeedWatch(COLLAPSED);
    for (int i = 0; i < 50; i++) {
      assertThat(mixed.note(FLOPS, 0.9, 1)).isNaN();
      assertThat(mixed.note(FLOPS, 0.1, 1)).isNaN();
    }
  }

  @Test
  void a_call_on_both_sides_of_the_warm_up_does_not_count() {
    SpeedWatch watch = new SpeedWatch(COLLAPSED);
    for (int i = 0; i < 100; i++) {
      assertThat(watch.note(FLOPS, -1, 1)).isNaN();
    }
    assertThat(calls(watch, 1)).isEqualTo(4 + 3);
  }

  @Test
  void after_the_warm_up_a_thread_that_sleeps_takes_no_time() throws InterruptedException {
    SpeedWatch watch = new SpeedWatch(COLLAPSED);
    assertThat(watch.note(FLOPS, 10, 1)).isNaN();
    long start = watch.clock(FLOPS);
    Thread.sleep(200);
    assertThat(watch.clock(FLOPS) - start).isBetween(0L, 100_000_000L);
  }
}
