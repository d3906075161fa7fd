package dev.heed.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process may still take, as Linux and its control groups say it. */
@Tag("unit")
class FreeMemoryTest {
  @TempDir Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void the_machine_says_what_is_available() throws IOException {
    write("proc/meminfo", "MemTotal:  900 kB\nMemFree:  1 kB\nMemAvailable:     700 kB\n");
    assertThat(new FreeMemory(root).bytes()).isEqualTo(700 * 1024);
  }

  @Test
  void the_narrowest_group_counts() throws IOException {
    write("proc/meminfo", "MemAvailable:     700 kB\n");
    write("proc/self/cgroup", "0::/outer/inner\n");
    write("sys/fs/cgroup/outer/memory.max", "300000\n");
    write("sys/fs/cgroup/outer/memory.current", "250000\n");
    write("sys/fs/cgroup/outer/memory.stat", "anon 7\ninactive_file 20000\n");
    write("sys/fs/cgroup/outer/inner/memory.max", "max\n");
    write("sys/fs/cgroup/outer/inner/memory.current", "999\n");
    assertThat(new FreeMemory(root).bytes()).isEqualTo(70_000);
  }

  @Test
  void a_group_outside_the_folder_is_not_read() throws IOException {
    write("proc/meminfo", "MemAvailable:     700 kB\n");
    write("proc/self/cgroup", "0::/../../secret\n");
    write("sys/secret/memory.max", "1\n");
    write("sys/secret/memory.current", "1\n");
    assertThat(new FreeMemory(root).bytes()).isEqualTo(700 * 1024);
  }

  @Test
  void a_machine_that_does_not_tell_has_its_whole_memory() {
    assertThat(new FreeMemory(root).bytes()).isGreaterThan(1 << 20);
  }

  @Test
  void what_does_not_fit_is_refused_with_both_figures() {
    WeightSource huge = new Huge();
    assertThatThrownBy(() -> FreeMemory.require("there", huge, null))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("there: expected free memory for its weights, 4000000.00 GB, got ")
        .hasMessageContaining("half precision");
    assertThatThrownBy(() -> FreeMemory.require("there", huge, DType.BF16))
        .hasMessageContaining("2000000.00 GB");
  }

  /** A tensor that no machine holds. */
  private record Huge() implements WeightSource {
    @Override
    public Set<String> names() {
      return Set.of("weight");
    }

    @Override
    public Shape shape(String name) {
      return Shape.of(1_000_000, 1_000_000_000);
    }

    @Override
    public DType dtype(String name) {
      return DType.F32;
    }

    @Override
    public Tensor read(String name) {
      throw new AssertionError("read before it was refused");
    }
  }
}
