package dev.heed.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class NextLineCommandTest {
  @TempDir Path folder;

  private CommandRun run(String... more) throws IOException {
    Path data =
        Files.writeString(
            folder.resolve("valid.txt"),
            "try:\n    open()\n\n    close()  \n<|endoftext|>\ntry:\n    pass\n    pass\n");
    String[] args = new String[more.length + 4];
    args[0] = "evaluate";
    args[1] = "next-line";
    args[2] = data.toString();
    args[3] = "--json";
    System.arraycopy(more, 0, args, 4, more.length);
    return CommandRun.heed(args);
  }

  private static double exact(CommandRun run) {
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    return new JsonMapper().readTree(run.out()).get("values").get("exact").get("value").asDouble();
  }

  /** Of the places after try:, a blank line, try: and pass, so four, the known lines give two. */
  @Test
  void known_lines_are_a_baseline() throws IOException {
    String seen =
        Files.writeString(
                folder.resolve("train.txt"),
                "try:\n    open()\nfinally:\n    pass\n<|endoftext|>\ntry:\n    open()\n"
                    + "<|endoftext|>\n    pass\n    pass\n    pass\n")
            .toString();
    assertThat(exact(run("--seen", seen))).isCloseTo(2 / 4.0, within(1e-12));
    assertThat(exact(run("--seen", seen, "--commonest"))).isCloseTo(2 / 4.0, within(1e-12));
  }

  @Test
  void the_commonest_line_needs_a_file() throws IOException {
    CommandRun run = run("--commonest", "--model", "stories");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("--commonest: expected --seen beside it, got none");
  }

  @Test
  void a_model_is_asked() throws IOException {
    assertThat(exact(run("--model", "stories", "--limit", "2"))).isZero();
  }
}
