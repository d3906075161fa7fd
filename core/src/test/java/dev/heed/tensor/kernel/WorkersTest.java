package dev.heed.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

  /** Two threads that want teams of two sizes stop each other's. */
  @Test
  @Timeout(60)
  void a_team_may_be_stopped_while_others_use_it() throws InterruptedException {
    AtomicReference<Workers> team = new AtomicReference<>(new Workers(3));
    AtomicInteger missed = new AtomicInteger();
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread.Builder kind = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
      callers.add(
          kind.start(() -> {
            for (int round = 0; round < 3000; round++) {
              AtomicInteger runs = new AtomicInteger();
              team.get().run(7, (task, scratch) -> runs.incrementAndGet());
              missed.addAndGet(7 - runs.get());
            }
          }));
    }
    while (callers.stream().anyMatch(Thread::isAlive)) {
      team.getAndSet(new Workers(2 + missed.get() + callers.size() % 3)).stop();
      Thread.sleep(1);
    }
    team.get().stop();
    team.get().run(5, (task, scratch) -> missed.addAndGet(-1));
    assertThat(missed.get()).isEqualTo(-5);
  }

  @Test
  void several_callers_share_the_helpers() throws InterruptedException {
    Workers workers = new Workers(2);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Thread slow =
        Thread.ofPlatform()
            .start(() ->
                workers.run(
                    2,
                    (task, scratch) -> {
                      begun.countDown();
                      await(go);
                    }));
    await(begun);
    AtomicInteger runs = new AtomicInteger();
    workers.run(9, (task, scratch) -> runs.incrementAndGet());
    assertThat(runs.get()).isEqualTo(9);
    go.countDown();
    slow.join();
    workers.stop();
  }

  @Test
  void an_interrupted_caller_waits_all_the_same() {
    Workers workers = new Workers(4);
    AtomicInteger runs = new AtomicInteger();
    Thread.currentThread().interrupt();
    workers.run(
        50,
        (task, scratch) -> {
          LockSupport.parkNanos(10_000);
          runs.incrementAndGet();
        });
    assertThat(Thread.interrupted()).isTrue();
    assertThat(runs.get()).isEqualTo(50);
    workers.stop();
  }

  /** A modifier may call attention itself. */
  @Test
  void work_within_work_has_scratch_of_its_own() {
    Workers workers = new Workers(3);
    AtomicInteger shared = new AtomicInteger();
    workers.run(
        4,
        (task, outer) ->
            workers.run(3, (inner, scratch) -> shared.addAndGet(scratch == outer ? 1 : 0)));
    Workers.alone(
        1,
        (task, outer) ->
            Workers.alone(1, (inner, scratch) -> shared.addAndGet(scratch == outer ? 1 : 0)));
    assertThat(shared.get()).isZero();
    workers.stop();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
