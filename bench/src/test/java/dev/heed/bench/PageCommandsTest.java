package dev.heed.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.heed.fixture.PageCommands;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Benchmarks that the project's pages show are understood. */
@Tag("integration")
class PageCommandsTest {
  @Test
  void every_benchmark_of_a_page_is_understood() throws IOException {
    List<String[]> commands = new ArrayList<>(PageCommands.whole());
    commands.addAll(PageCommands.named());
    commands.removeIf(words -> !words[0].equals("bench"));
    assertThat(commands).hasSizeGreaterThan(20);
    for (String[] words : commands) {
      assertThatCode(
              () -> Bench.commandLine().parseArgs(Arrays.copyOfRange(words, 1, words.length)))
          .as(String.join(" ", words))
          .doesNotThrowAnyException();
    }
  }
}
