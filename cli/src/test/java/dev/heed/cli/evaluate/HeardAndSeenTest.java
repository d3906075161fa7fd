package dev.heed.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.cli.task.TinyFolder;
import dev.heed.fixture.WavBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Models that hear and see on data sets of files. */
@Tag("integration")
class HeardAndSeenTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path IMAGES =
      Path.of("..", "pictures", "src", "test", "resources", "vision");

  @TempDir Path folder;

  private static double value(CommandRun run, String name) {
    JsonNode values = JSON.readTree(run.out()).get("values");
    return values.get(name).get("value").asDouble();
  }

  private void tone(String name, int samples) throws IOException {
    byte[] wav = WavBytes.of(16_000, samples, i -> 9000 * Math.sin(i * (0.02 + i * 2e-5)));
    Files.write(folder.resolve(name), wav);
  }

  @Test
  void what_is_heard_is_measured_as_transcripts_are() throws IOException {
    String model = TinyFolder.hearing(folder.resolve("model"), "wav2vec2", "letters");
    tone("a.wav", 5000);
    tone("b.wav", 7000);
    String a =
        CommandRun.heed("hear", "--model", model, folder.resolve("a.wav").toString()).out().strip();
    Path data =
        Files.writeString(
            folder.resolve("valid.tsv"),
            "file\ttext\na.wav\t"
                + a.toLowerCase(java.util.Locale.ROOT)
                + "\nb.wav\tONE TWO\nno.wav\tTHREE\n");
    CommandRun run =
        CommandRun.heed(
            "evaluate", "hear", data.toString(), "--model", model, "--ignore-case", "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(run.err()).contains("example 3: ").contains("no.wav");
    String b =
        CommandRun.heed("hear", "--model", model, folder.resolve("b.wav").toString()).out().strip();
    Path said = Files.writeString(folder.resolve("said.txt"), a + "\n" + b + "\n\n");
    Path right = Files.writeString(folder.resolve("right.txt"), a + "\nONE TWO\nTHREE\n");
    for (String measure : List.of("wer", "cer")) {
      CommandRun written =
          CommandRun.heed(
              "evaluate",
              measure,
              "--predictions",
              said.toString(),
              "--references",
              right.toString(),
              "--json");
      assertThat(value(run, measure)).isCloseTo(value(written, measure), within(1e-12));
    }
  }

  @Test
  void what_is_seen_is_measured_as_classes_are() throws IOException {
    String model =
        Path.of("..", "core", "src", "test", "resources", "golden", "models", "vit").toString();
    for (String name : List.of("rgb.png", "grey.png")) {
      Files.copy(IMAGES.resolve(name), folder.resolve(name));
    }
    String seen =
        CommandRun.heed("see", "--model", model, "--top", "1", folder.resolve("rgb.png").toString())
            .out()
            .split(" ")[0];
    Path data =
        Files.writeString(
            folder.resolve("valid.tsv"), "file\tlabel\nrgb.png\t" + seen + "\ngrey.png\t0\n");
    CommandRun run =
        CommandRun.heed("evaluate", "see", data.toString(), "--model", model, "--json");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(value(run, "accuracy")).isGreaterThanOrEqualTo(0.5);
    assertThat(value(run, "ece")).isBetween(0.0, 1.0);
  }

  @Test
  void the_carried_model_is_asked_where_none_is_named() throws IOException {
    Files.copy(IMAGES.resolve("grey.png"), folder.resolve("grey.png"));
    Path data = Files.writeString(folder.resolve("valid.tsv"), "file\tlabel\ngrey.png\t3\n");
    CommandRun run = CommandRun.heed("evaluate", "see", data.toString(), "--json");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(value(run, "accuracy")).isBetween(0.0, 1.0);
  }
}
