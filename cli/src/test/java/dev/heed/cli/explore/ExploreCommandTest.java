package dev.heed.cli.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code heed explore} refuses before it listens. */
@Tag("unit")
class ExploreCommandTest {
  @TempDir Path folder;

  @Test
  void refuses_by_name() throws IOException {
    CommandRun port = CommandRun.heed("explore", "--port", "70000");
    assertThat(port.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(port.err()).contains("--port: expected 0 to 65535, got 70000");
    assertThat(CommandRun.heed("explore", "--model", "no-such-folder").err())
        .contains("--model: no such folder: no-such-folder");
    Path one = Files.createDirectories(folder.resolve("a/same"));
    Path other = Files.createDirectories(folder.resolve("b/same"));
    assertThat(
            CommandRun.heed("explore", "--model", one.toString(), "--model", other.toString())
                .err())
        .contains("got two that are called same");
  }
}
