package dev.heed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One idea a file: none is longer than 500 lines, but for {@code Tensor} with 800. */
@Tag("unit")
class FileLengthTest {

  @Test
  void no_source_file_is_too_long() throws IOException {
    List<String> tooLong = new ArrayList<>();
    List<Path> files = ProjectSources.all();
    for (Path file : files) {
      int lines = Files.readAllLines(file).size();
      int limit = file.endsWith("dev/heed/tensor/Tensor.java") ? 800 : 500;
      if (lines > limit) {
        tooLong.add(file + ": " + lines + " lines, at most " + limit);
      }
    }
    assertThat(files).as("source files found").isNotEmpty();
    assertThat(tooLong).as("split these by idea").isEmpty();
  }
}
