package dev.heed.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class CoreferenceCommandTest {
  private static final String HEADER = "sentence\tpronoun\tcandidate_a\tcandidate_b\tanswer\n";

  @TempDir Path folder;
  private String file = "";

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("pairs.tsv").toString();
    Files.writeString(
        Path.of(file),
        HEADER
            + "The cats fear the dogs because they bark.\tthey\tThe cats\tthe dogs\tB\n"
            + "The cats fear the dogs because they are small.\tthey\tThe cats\tthe dogs\tA\n");
  }

  private static JsonNode values(String... arguments) {
    CommandRun run = CommandRun.heed(arguments);
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    return new JsonMapper().readTree(run.out()).get("values");
  }

  private static double value(JsonNode values, String name) {
    return values.get(name).get("value").asDouble();
  }

  @Test
  void a_head_is_chosen_and_stands_beside_places() throws IOException {
    Path items = folder.resolve("items.jsonl");
    JsonNode values =
        values(
            "evaluate",
            "coreference",
            file,
            "--choose-on",
            file,
            "--json",
            "--items",
            items.toString());
    assertThat(value(values, "accuracy")).isEqualTo(value(values, "accuracy_chosen_on"));
    assertThat(value(values, "accuracy")).isGreaterThanOrEqualTo(50);
    assertThat(value(values, "accuracy_nearest")).isEqualTo(50);
    assertThat(value(values, "f1_first")).isEqualTo(50);
    assertThat(value(values, "layer")).isBetween(1.0, 6.0);
    assertThat(Files.readString(items)).contains("\"names\":[\"The cats\",\"the dogs\"]");
    CommandRun without = CommandRun.heed("evaluate", "coreference", file);
    assertThat(without.err()).contains("--choose-on: expected a file of other questions");
  }

  @Test
  void a_classifier_that_was_trained_so_says_yes_or_no() throws IOException {
    Path recipe = folder.resolve("coreference.yaml");
    Files.writeString(
        recipe,
        """
        model: minilm
        task: classify
        data: {sources: [{train: pairs.tsv, format: coreference}]}
        learning: {updates: 1, batch_examples: 2}
        adaptation: {lora: {r: 1, targets: [query]}}
        """);
    Path out = folder.resolve("out");
    CommandRun run = CommandRun.heed("train", recipe.toString(), "--out", out.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode values =
        values(
            "evaluate", "coreference", file, "--model", out.toString(), "--one-is-right", "--json");
    // Of each question one name is told, and one is right.
    assertThat(value(values, "f1")).isEqualTo(value(values, "accuracy"));
    assertThat(CommandRun.heed("evaluate", "coreference", file, "--model", "sentiment").err())
        .contains("--model: expected a class yes, got [negative, positive]");
  }

  @Test
  void a_name_that_is_not_there_is_refused_by_line() throws IOException {
    Files.writeString(Path.of(file), HEADER + "A cat sat.\tit\tcat\tdog\tA\n");
    assertThat(CommandRun.heed("evaluate", "coreference", file, "--choose-on", file).err())
        .contains("line 2: expected dog in the sentence");
  }
}
