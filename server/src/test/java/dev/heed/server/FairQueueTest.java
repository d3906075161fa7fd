package dev.heed.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("unit")
class FairQueueTest {
  @Test
  void clients_take_turns_however_many_requests_each_has() {
    FairQueue<String> queue = new FairQueue<>();
    for (String one : List.of("a1", "a2", "a3", "b1", "c1", "b2")) {
      queue.add(one.substring(0, 1), one);
    }
    assertThat(queue.size()).isEqualTo(6);
    List<String> turns = new ArrayList<>();
    turns.add(queue.take());
    queue.add("d", "d1");
    while (queue.peek() != null) {
      turns.add(queue.take());
    }
    assertThat(turns).containsExactly("a1", "b1", "c1", "a2", "d1", "b2", "a3");
    assertThat(queue.size()).isZero();
  }
}
