package dev.heed.cli.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.fixture.WavBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class HearCommandTest {
  @TempDir Path folder;
  private String model = "";
  private String voice = "";

  @BeforeEach
  void write() throws IOException {
    model = TinyFolder.hearing(folder.resolve("model"), "wav2vec2", "letters");
    voice = wav("voice.wav", 7000).toString();
  }

  /** A rising tone of 16-bit samples. */
  private Path wav(String name, int samples) throws IOException {
    byte[] wav = WavBytes.of(16_000, samples, i -> 9000 * Math.sin(i * (0.02 + i * 2e-5)));
    return Files.write(folder.resolve(name), wav);
  }

  @Test
  void a_sound_prints_its_text_its_words_and_json() {
    CommandRun run = CommandRun.heed("hear", "--model", model, voice);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    String text = run.out().strip();
    assertThat(text).matches("[A-Z ]+");
    JsonNode json =
        new JsonMapper()
            .readTree(CommandRun.heed("hear", "--model", model, "--json", voice).out())
            .get("result");
    assertThat(json.get("text").stringValue()).isEqualTo(text);
    assertThat(json.get("seconds").asDouble()).isEqualTo(7000 / 16_000.0);
    String[] lines = CommandRun.heed("hear", "--model", model, "--words", voice).out().split("\n");
    assertThat(lines).hasSize(json.get("words").size());
    assertThat(lines[0]).matches(" +\\d\\.\\d\\d +\\d\\.\\d\\d  [A-Z]+");
  }

  @Test
  void one_bad_file_does_not_lose_the_others() throws IOException {
    Path voices = Files.createDirectory(folder.resolve("voices"));
    wav("voices/a.wav", 5000);
    Files.writeString(voices.resolve("b.wav"), "RIFFnothing");
    wav("voices/c.wav", 6000);
    Files.writeString(voices.resolve("notes.txt"), "not a sound");
    CommandRun run = CommandRun.heed("hear", "--model", model, voices.toString(), "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    String[] lines = run.out().split("\n");
    assertThat(lines).hasSize(3);
    assertThat(lines[0]).contains("a.wav").contains("\"words\"");
    assertThat(lines[1]).contains("b.wav").contains("\"error\"");
    assertThat(lines[2]).contains("c.wav").contains("\"words\"");
  }

  @Test
  void words_over_time_are_drawn() throws IOException {
    Path page = folder.resolve("voice.html");
    CommandRun run =
        CommandRun.heed("hear", "--model", model, "--attention", page.toString(), voice);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(Files.readString(page)).contains("When each word is said");
    Path picture = folder.resolve("voice.png");
    CommandRun.heed("hear", "--model", model, "--attention", picture.toString(), voice);
    assertThat(Files.size(picture)).isGreaterThan(1000);
  }

  @Test
  void a_sound_on_standard_input_is_heard_and_drawn() throws IOException {
    InputStream before = System.in;
    Path page = folder.resolve("given.html");
    try {
      System.setIn(Files.newInputStream(Path.of(voice)));
      CommandRun run = CommandRun.heed("hear", "--model", model, "--attention", "" + page, "-");
      assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
      assertThat(run.out()).isEqualTo(CommandRun.heed("hear", "--model", model, voice).out());
    } finally {
      System.setIn(before);
    }
    assertThat(Files.readString(page)).contains("When each word is said");
  }

  @Test
  void a_model_that_writes_tells_its_language_and_stretches() throws IOException {
    String whisper = TinyFolder.hearing(folder.resolve("whisper"), "whisper", "whisper");
    JsonNode heard =
        new JsonMapper()
            .readTree(
                CommandRun.heed("hear", "--model", whisper, "--language", "german", "--json", voice)
                    .out())
            .get("result");
    assertThat(heard.get("language").stringValue()).isEqualTo("de");
    CommandRun times = CommandRun.heed("hear", "--model", whisper, "--timestamps", "--json", voice);
    assertThat(times.exit()).as(times.err()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void what_cannot_be_heard_is_said() throws IOException {
    CommandRun none = CommandRun.heed("hear", "--model", model, folder + "/none.wav");
    assertThat(none.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(none.err()).contains("none.wav");
    CommandRun translated = CommandRun.heed("hear", "--model", model, "--translate", voice);
    assertThat(translated.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(translated.err()).contains("hears letters");
    assertThat(
            CommandRun.heed("hear", "--model", model, "--window", "30", "--overlap", "29", voice)
                .exit())
        .isEqualTo(ExitStatus.USAGE);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(CommandRun.heed("hear", "--model", model, empty.toString()).err())
        .contains("expected WAV or FLAC files in the folder");
  }
}
