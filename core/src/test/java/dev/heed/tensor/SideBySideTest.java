package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class SideBySideTest {
  private final int before = Backend.threads();

  @AfterEach
  void restore() {
    Backend.threads(before);
  }

  @Test
  void runs_every_piece_once_at_the_same_time_and_on_one_thread_each() {
    Backend.threads(2);
    CyclicBarrier both = new CyclicBarrier(2);
    AtomicIntegerArray runs = new AtomicIntegerArray(4);
    AtomicIntegerArray threads = new AtomicIntegerArray(4);
    SideBySide.run(
        4,
        i -> {
          try {
            both.await(20, TimeUnit.SECONDS); // passes only if two pieces run at once
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          runs.incrementAndGet(i);
          threads.set(i, Backend.threads() * torch.get_num_threads());
        });
    for (int i = 0; i < 4; i++) {
      assertThat(runs.get(i)).isOne();
      assertThat(threads.get(i)).isOne();
    }
    assertThat(Backend.threads()).isEqualTo(2);
  }

  @Test
  void others_keep_their_number_of_threads() throws Exception {
    Backend.threads(2);
    SideBySide.run(2, i -> {});
    int[] seen = new int[1];
    Thread other = Thread.ofPlatform().start(() -> seen[0] = Backend.threads());
    other.join();
    assertThat(seen[0]).isEqualTo(2);
  }

  @Test
  void throws_what_a_piece_threw() {
    Backend.threads(2);
    assertThatThrownBy(() ->
            SideBySide.run(
                3,
                i -> {
                  throw new ShapeException("piece " + (i < 3));
                }))
        .isInstanceOf(ShapeException.class)
        .hasMessage("piece true");
  }

  @Test
  void an_interrupted_caller_waits_all_the_same() {
    Backend.threads(2);
    AtomicIntegerArray runs = new AtomicIntegerArray(6);
    Thread.currentThread().interrupt();
    SideBySide.run(6, runs::incrementAndGet);
    assertThat(Thread.interrupted()).isTrue();
    for (int i = 0; i < 6; i++) {
      assertThat(runs.get(i)).isOne();
    }
  }

  @Test
  void one_thread_runs_them_in_order_by_itself() {
    Backend.threads(1);
    StringBuilder order = new StringBuilder();
    SideBySide.run(3, order::append);
    assertThat(order).hasToString("012");
  }
}
