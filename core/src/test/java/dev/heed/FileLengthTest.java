package dev.heed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One idea a file: none is longer than 500 lines, but for {@code Tensor} with 800. */
@Tag("unit")
class FileLengthTest {

  @Test
  void no_source_file_is_too_long() throws IOException {
    List<String> tooLong = new ArrayList<>();
    List<Path> files = sources();
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

  /** The Java files of every module: tests run in a module's directory, beside its siblings. */
  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(Path.of("..").toRealPath())) {
      for (Path module : modules.filter(m -> Files.isDirectory(m.resolve("src"))).toList()) {
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
        }
      }
    }
    return found;
  }
}
