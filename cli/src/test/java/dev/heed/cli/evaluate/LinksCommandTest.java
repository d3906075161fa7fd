package dev.heed.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The carried translator's attention, on pairs that were linked by hand. */
@Tag("integration")
class LinksCommandTest {
  private static final Path PAIRS = Path.of("..", "recipes", "alignment", "pairs.tsv");

  @TempDir Path folder;

  private static CommandRun links(String... options) {
    String[] all = new String[options.length + 4];
    all[0] = "evaluate";
    all[1] = "links";
    all[2] = "--model";
    all[3] = "translation";
    System.arraycopy(options, 0, all, 4, options.length);
    return CommandRun.heed(all);
  }

  @Test
  void a_head_is_chosen_on_some_pairs_and_measured_on_the_others() throws IOException {
    Path items = folder.resolve("items.jsonl");
    CommandRun run =
        links(
            PAIRS.toString(),
            "--limit",
            "9",
            "--choose",
            "6",
            "--json",
            "--items",
            items.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode report = new JsonMapper().readTree(run.out());
    assertThat(report.get("items").asInt()).isEqualTo(3);
    JsonNode values = report.get("values");
    for (String rate : List.of("aer", "aer_chosen_on", "aer_mean", "aer_diagonal")) {
      assertThat(values.get(rate).get("value").asDouble()).as(rate).isBetween(0.0, 1.0);
    }
    // knowing nothing, a link in five would be right
    assertThat(values.get("aer").get("value").asDouble()).isLessThan(0.7);
    List<String> told = Files.readAllLines(items);
    assertThat(told).hasSize(3);
    assertThat(new JsonMapper().readTree(told.getFirst()).get("links").asString())
        .matches("[0-9]+-0( [0-9]+-[0-9]+)+");
  }

  @Test
  void what_are_no_links_and_too_few_pairs_are_refused() throws IOException {
    Path wrong = folder.resolve("wrong.tsv");
    Files.writeString(wrong, "source\ttarget\tlinks\nI see.\tJe vois.\t0:0\nA.\tB.\t0-0\n");
    assertThat(links(wrong.toString(), "--choose", "1").err())
        .contains("line 2: expected links such as 0-1 or 0p1, got 0:0");
    assertThat(links(PAIRS.toString(), "--choose", "100").err())
        .contains("--choose: expected 1 or more and fewer than the 100 pairs, got 100");
  }
}
