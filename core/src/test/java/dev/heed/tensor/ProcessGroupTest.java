package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.tensor.ProcessGroup.Place;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class ProcessGroupTest {
  @TempDir Path folder;

  private ProcessGroup alone(String meeting) {
    return ProcessGroup.join(Place.local(folder.resolve(meeting), 0, 1));
  }

  @Test
  void one_process_adds_up_and_hands_over_to_itself() {
    try (ProcessGroup group = alone("meeting");
        TensorScope _ = TensorScope.open()) {
      Tensor ones = Tensor.ones(Shape.of(3), DType.F32);
      group.sum(ones).await();
      group.broadcast(ones, 0).await();
      assertThat(ones.toFloatArray()).containsExactly(1, 1, 1);
    }
  }

  /** What LibTorch's objects share was once freed in the order of garbage collection: a crash. */
  @Test
  void groups_that_come_and_go_leave_the_memory_whole() throws InterruptedException {
    for (int i = 0; i < 40; i++) {
      try (ProcessGroup group = alone("meeting" + i);
          TensorScope _ = TensorScope.open()) {
        Tensor ones = Tensor.ones(Shape.of(1 + i), DType.F32);
        group.sum(ones).await();
        assertThat(ones.toFloatArray()).hasSize(1 + i).containsOnly(1);
      }
      if (i % 10 == 9) {
        System.gc();
        Thread.sleep(30);
      }
    }
  }

  @Test
  void a_place_that_cannot_be_is_refused() {
    assertThatThrownBy(() -> Place.local(folder, 2, 2))
        .hasMessageContaining("a rank below the number of processes")
        .hasMessageContaining("2 and 2");
  }
}
