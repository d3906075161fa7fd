package dev.heed.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mapped files look to loops as memory of Java's own does. */
@Tag("unit")
class MappedMemoryTest {
  @TempDir Path folder;

  private MemorySegment mapped(byte[] bytes) throws IOException {
    Path file = folder.resolve("bytes-" + bytes.length);
    Files.write(file, bytes);
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length, Arena.ofAuto());
    }
  }

  @Test
  void a_mapped_file_is_of_the_class_of_other_memory() throws IOException {
    byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    MemorySegment mapped = mapped(bytes);
    assertThat(mapped.isMapped()).isTrue();
    for (MemorySegment part : new MemorySegment[] {mapped, mapped.asSlice(3, 6)}) {
      MemorySegment taken = Memory.unmapped(part);
      assertThat(taken.isMapped()).isFalse();
      assertThat(taken.getClass()).isEqualTo(Arena.ofAuto().allocate(8).getClass());
      assertThat(taken.isReadOnly()).isTrue();
      assertThat(taken.address()).isEqualTo(part.address());
      assertThat(taken.toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(part.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void an_odd_number_of_bytes_stays_as_it_is() throws IOException {
    MemorySegment odd = mapped(new byte[] {1, 2, 3});
    assertThat(Memory.unmapped(odd)).isSameAs(odd);
  }
}
