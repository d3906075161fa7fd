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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code heed entities} and {@code heed answer}. */
@Tag("integration")
class SpanCommandsTest {
  private static final String TEXT = "the cats liked anna , who saw london .";

  @TempDir Path folder;

  private String model(String recorded, String words) throws IOException {
    return TinyFolder.write(folder.resolve(recorded), recorded, words, Map.of());
  }

  @Test
  void entities_have_types_places_and_probabilities() throws IOException {
    String model = model("bert-ner", "bert");
    CommandRun run = CommandRun.heed("entities", "--model", model, "--json", TEXT);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode entities = new JsonMapper().readTree(run.out()).get("result").get("entities");
    assertThat(entities.size()).isPositive();
    for (JsonNode entity : entities) {
      assertThat(entity.get("text").stringValue())
          .isEqualTo(TEXT.substring(entity.get("start").asInt(), entity.get("end").asInt()));
    }
    CommandRun line = CommandRun.heed("entities", "--model", model, "--words", "max", TEXT);
    assertThat(line.out()).contains("LOC ").endsWith("\n");
    Path page = folder.resolve("entities.html");
    assertThat(
            CommandRun.heed("entities", "--model", model, "--attention", page.toString(), TEXT)
                .exit())
        .isEqualTo(ExitStatus.OK);
    assertThat(Files.readString(page)).contains("<small>LOC</small>");
  }

  @Test
  void answers_are_parts_of_the_text_or_none() throws IOException {
    String model = model("bert-qa", "bert");
    CommandRun run =
        CommandRun.heed("answer", "--model", model, "who ?", "--text", TEXT, "--top", "3");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    String[] lines = run.out().split("\n");
    assertThat(lines).hasSize(3);
    for (String line : lines) {
      assertThat(TEXT).contains(line.substring(7));
    }
    CommandRun none =
        CommandRun.heed(
            "answer",
            "--model",
            model,
            "who ?",
            "--text",
            TEXT,
            "--no-answer",
            "--threshold",
            "-100");
    assertThat(none.out()).contains("(no answer)");
    Path pairs = Files.writeString(folder.resolve("pairs.tsv"), "who ?\tthe cat\nno tab\n");
    CommandRun many =
        CommandRun.heed("answer", "--model", model, "--pairs", "--file", pairs.toString());
    assertThat(many.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(many.err()).contains("line 2").contains("got no tab");
    assertThat(CommandRun.heed("answer", "--model", model, "--text", TEXT).exit())
        .isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void a_model_that_writes_answers_in_its_own_words() throws IOException {
    CommandRun run =
        CommandRun.heed("answer", "--model", model("t5", "t5"), "who ?", "--text", TEXT);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).endsWith("\n");
  }
}
