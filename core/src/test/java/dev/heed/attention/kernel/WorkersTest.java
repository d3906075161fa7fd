package dev.heed.attention.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every task runs once, whatever happens. */
@Tag("unit")
class WorkersTest {
  @Test
  void every_task_runs_exactly_once() {
    Workers workers = new Workers(5);
    for (int count : new int[] {0, 1, 2, 3, 17, 1009}) {
      AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, count));
      workers.run(count, (task, scratch) -> runs.incrementAndGet(task));
      for (int i = 0; i < count; i++) {
        assertThat(runs.get(i)).isEqualTo(1);
      }
    }
    workers.stop();
  }

  @Test
  void work_within_work_is_done_by_the_caller() {
    Workers workers = new Workers(3);
    AtomicIntegerArray runs = new AtomicIntegerArray(35);
    workers.run(
        5, (outer, s) -> workers.run(7, (inner, t) -> runs.incrementAndGet(outer * 7 + inner)));
    for (int i = 0; i < 35; i++) {
      assertThat(runs.get(i)).isEqualTo(1);
    }
    workers.stop();
  }

  @Test
  void a_failing_task_fails_the_call_and_not_the_team() {
    Workers workers = new Workers(3);
    assertThatThrownBy(() ->
            workers.run(
                100,
                (task, scratch) -> {
                  if (task == 50) {
                    throw new IllegalStateException("task 50");
                  }
                }))
        .hasMessage("task 50");
    AtomicIntegerArray runs = new AtomicIntegerArray(9);
    workers.run(9, (task, scratch) -> runs.incrementAndGet(task));
    assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1]");
    workers.stop();
  }
}
