package dev.heed.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
@SuppressWarnings("NullAway.Init") // by JUnit
class UnpackedModelsTest {
  @TempDir Path temporary;

  /** A folder as a process leaves it that was killed. */
  private Path left(String name, Duration ago) throws IOException {
    Path folder = temporary.resolve(name);
    Files.createDirectories(folder.resolve("model"));
    Files.writeString(folder.resolve("model").resolve("config.json"), "{}");
    Path lock = Files.createFile(folder.resolve("in-use"));
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(ago)));
    return folder;
  }

  private Path unpack() throws IOException {
    return UnpackedModels.unpack(
        temporary, Map.of("sub/a.txt", "a".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void what_a_killed_process_left_is_deleted_and_what_one_has_is_not() throws IOException {
    Path own = unpack();
    Path lock = own.resolveSibling("in-use");
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    Path old = left("heed-model1", Duration.ofHours(1));
    Path young = left("heed-model2", Duration.ofSeconds(5));
    Path other = left("other", Duration.ofHours(1));
    Path model = unpack();
    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(other).exists();
    assertThat(own.resolve("sub").resolve("a.txt")).hasContent("a");
    assertThat(model.resolve("sub").resolve("a.txt")).hasContent("a");
    assertThat(model).isNotEqualTo(own);
  }
}
