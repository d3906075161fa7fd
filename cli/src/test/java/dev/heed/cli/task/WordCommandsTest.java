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

/** {@code heed fill}, {@code next}, {@code rerank} and the picture of {@code similar}. */
@Tag("integration")
class WordCommandsTest {
  @TempDir Path folder;

  private String model(String recorded, String words) throws IOException {
    return TinyFolder.write(folder.resolve(recorded), recorded, words, Map.of());
  }

  @Test
  void fill_prints_guesses_and_names_a_line_without_a_mask() throws IOException {
    String model = model("bert", "bert");
    CommandRun one = CommandRun.heed("fill", "--model", model, "--top", "2", "the [MASK] sat");
    assertThat(one.exit()).as(one.err()).isEqualTo(ExitStatus.OK);
    assertThat(one.out()).matches("\\S+ 0\\.\\d{3}  \\S+ 0\\.\\d{3}\\n");
    Path lines =
        Files.writeString(folder.resolve("lines.txt"), "the [MASK]\nthe cat\n[MASK] sat\n");
    CommandRun many = CommandRun.heed("fill", "--model", model, "--file", lines.toString());
    assertThat(many.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(many.out().split("\n")).hasSize(3);
    assertThat(many.err()).contains("line 2: text: expected [MASK]");
    Path page = folder.resolve("fill.html");
    assertThat(
            CommandRun.heed(
                    "fill", "--model", model, "--attention", page.toString(), "the [MASK] sat")
                .exit())
        .isEqualTo(ExitStatus.OK);
    assertThat(Files.readString(page)).contains(">sat</span>");
  }

  @Test
  void fill_writes_into_the_gaps_of_a_model_of_sentinels() throws IOException {
    CommandRun run = CommandRun.heed("fill", "--model", model("t5", "t5"), "the <extra_id_0> sat");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).startsWith("the ").endsWith(" sat\n");
  }

  @Test
  void next_is_a_probability() throws IOException {
    String model = model("bert", "bert");
    CommandRun run = CommandRun.heed("next", "--model", model, "--pair", "it ran", "a dog");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).matches("[01]\\.\\d{3}\\n");
    CommandRun alone = CommandRun.heed("next", "--model", model, "a dog");
    assertThat(alone.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(alone.err()).contains("expected two texts");
  }

  @Test
  void rerank_orders_lines_and_needs_one_score() throws IOException {
    String classes = model("bert-classify", "bert");
    Path lines = Files.writeString(folder.resolve("lines.txt"), "sat\n\nthe dog\nred\n");
    CommandRun refused =
        CommandRun.heed("rerank", "--model", classes, "cat", "--file", lines.toString());
    assertThat(refused.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(refused.err()).contains("one score").contains("classify");
  }

  @Test
  void texts_that_are_longer_than_the_model_are_told() throws IOException {
    Path lines =
        Files.writeString(
            folder.resolve("long.txt"), "a cat sat\nit ran\na cat sat\t" + "dog ".repeat(700));
    CommandRun pairs =
        CommandRun.heed(
            "next", "--model", model("bert", "bert"), "--pairs", "--file", lines.toString());
    assertThat(pairs.exit()).isEqualTo(ExitStatus.CHECK_FAILED);
    assertThat(pairs.err())
        .contains("line 1: --pairs: expected two texts")
        .contains("line 3: longer than the model reads: its end was cut");
    CommandRun classes =
        CommandRun.heed(
            "classify", "--model", model("bert-classify", "bert"), "--file", lines.toString());
    assertThat(classes.exit()).isEqualTo(ExitStatus.OK);
    assertThat(classes.err().lines())
        .containsExactly("heed: line 3: longer than the model reads: its end was cut");
  }

  @Test
  void similar_draws_what_makes_the_best_line_alike() throws IOException {
    Path lines =
        Files.writeString(
            folder.resolve("faq.txt"), "The museum opens at nine.\nParking is free on Sundays.\n");
    Path page = folder.resolve("alike.html");
    CommandRun run =
        CommandRun.heed(
            "similar",
            "Where can I park?",
            "--file",
            lines.toString(),
            "--attention",
            page.toString(),
            "--json");
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode best = new JsonMapper().readTree(run.out()).get(0);
    assertThat(best.get("line").asInt()).isEqualTo(2);
    assertThat(Files.readString(page)).contains(">Parking</span>");
  }
}
