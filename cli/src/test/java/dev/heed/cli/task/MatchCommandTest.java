package dev.heed.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class MatchCommandTest {
  private static final String IMAGE = "../pictures/src/test/resources/vision/rgb.png";

  @TempDir Path folder;

  @Test
  void texts_are_told_by_probability_and_a_bad_image_does_not_lose_the_others() throws IOException {
    String model = TinyFolder.write(folder.resolve("clip"), "clip", "bert", Map.of());
    CommandRun run =
        CommandRun.heed(
            "match", "--model", model, IMAGE, "--text", "the cat", "--text", "a dog ran");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().strip()).contains("the cat 0.").contains("a dog ran 0.");
    Path bad = Files.writeString(folder.resolve("bad.png"), "no image");
    run =
        CommandRun.heed("match", "--model", model, "" + bad, IMAGE, "--json", "--text", "the cat");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    String[] lines = run.out().split("\n");
    assertThat(lines[0]).contains("bad.png").contains("\"error\"");
    assertThat(lines[1]).contains("rgb.png").contains("\"score\":1.0");
  }
}
