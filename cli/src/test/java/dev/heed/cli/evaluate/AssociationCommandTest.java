package dev.heed.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Words of the two genders and of two trades, by the encoder that Heed carries. */
@Tag("integration")
class AssociationCommandTest {
  private static final String LISTS =
      """
      {"targ1": {"category": "Men", "examples": ["he", "man", "father"]},
       "targ2": {"category": "Women", "examples": ["she", "woman", "mother"]},
       "attr1": {"category": "Kings", "examples": ["king", "prince"]},
       "attr2": {"category": "Queens", "examples": ["queen", "princess"]}}
      """;

  @TempDir Path folder;

  @Test
  void what_is_taken_out_is_associated_less() throws IOException {
    Path file = Files.writeString(folder.resolve("lists.jsonl"), LISTS);
    CommandRun run = CommandRun.heed("evaluate", "association", "--json", file.toString());
    assertThat(run.exit()).as(run.err()).isEqualTo(ExitStatus.OK);
    JsonNode one = new JsonMapper().readTree(run.out()).get(0);
    assertThat(one.get("effect").asDouble()).isGreaterThan(1);
    assertThat(one.get("p").asDouble()).isEqualTo(0.05); // the best of 20 partitions
    assertThat(one.get("effectAfter").asDouble()).isLessThan(one.get("effect").asDouble());
    assertThat(one.get("targets").asString()).isEqualTo("Men or Women");
    CommandRun told = CommandRun.heed("evaluate", "association", file.toString());
    assertThat(told.out()).contains("lists.jsonl").contains("after").contains("Kings or Queens");
  }

  @Test
  void lists_and_pairs_that_are_none_are_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("lists.jsonl"), LISTS);
    assertThat(CommandRun.heed("evaluate", "association", "--pairs", "he", file.toString()).err())
        .contains("--pairs: expected two words such as he-she, got he");
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "{}");
    assertThat(CommandRun.heed("evaluate", "association", empty.toString()).err())
        .contains("expected targ1 with examples, got none");
    Path uneven = Files.writeString(folder.resolve("uneven.jsonl"), LISTS.replace("\"she\", ", ""));
    assertThat(CommandRun.heed("evaluate", "association", uneven.toString()).err())
        .contains("expected as many targets in X as in Y");
  }
}
