package dev.heed.cli.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class EmbedCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private String file(String... lines) throws IOException {
    return Files.write(folder.resolve("lines.txt"), List.of(lines)).toString();
  }

  @Test
  void embedPrintsOneObjectALine() throws IOException {
    CommandRun run = CommandRun.heed("embed", "--file", file("A cat.", "", "Another cat."));
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(3);
    JsonNode last = JSON.readTree(lines.getLast());
    assertThat(last.get("text").asString()).isEqualTo("Another cat.");
    assertThat(last.get("embedding").size()).isEqualTo(384);
    JsonNode all = JSON.readTree(CommandRun.heed("embed", "A cat.", "--json").out());
    assertThat(all.size()).isEqualTo(1);
  }

  @Test
  void aDashOrNothingReadsStandardInput() {
    InputStream before = System.in;
    try {
      for (String[] arguments : List.of(new String[] {"embed", "-"}, new String[] {"embed"})) {
        System.setIn(new ByteArrayInputStream("A cat.\nA dog.\n".getBytes(UTF_8)));
        assertThat(CommandRun.heed(arguments).out().lines()).hasSize(2);
      }
      System.setIn(new ByteArrayInputStream(new byte[] {'a', (byte) 0xff, '\n'}));
      CommandRun run = CommandRun.heed("embed");
      assertThat(run.exit()).isNotEqualTo(ExitStatus.OK);
      assertThat(run.err()).contains("standard input: expected text in UTF-8");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void similarRanksLines() throws IOException {
    String lines = file("The market fell.", "", "A kitten sleeps.", "Rain is expected.");
    CommandRun run =
        CommandRun.heed("similar", "A cat naps.", "--file", lines, "--top", "2", "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode ranked = JSON.readTree(run.out());
    assertThat(ranked.size()).isEqualTo(2);
    assertThat(ranked.get(0).get("line").asInt()).isEqualTo(3);
    assertThat(ranked.get(0).get("text").asString()).isEqualTo("A kitten sleeps.");
  }

  @Test
  void evaluateCorrelatesWithScores() throws IOException {
    String pairs =
        file(
            "genre\tscore\tsentence1\tsentence2",
            "a\t5\tA man plays a guitar.\tA man is playing the guitar.",
            "a\t2.5\tA man plays a guitar.\tA woman plays the violin.",
            "a\t0\tA man plays a guitar.\tThe market fell.");
    CommandRun run = CommandRun.heed("evaluate", "sts", pairs, "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(JSON.readTree(run.out()).get("spearman").asDouble()).isEqualTo(100);
  }

  @Test
  void wrongInputIsExplained() throws IOException {
    CommandRun columns = CommandRun.heed("evaluate", "sts", file("a\tb", "1\t2", "3\t4"));
    assertThat(columns.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(columns.err()).contains("expected the columns score, sentence1 and sentence2");
    CommandRun both = CommandRun.heed("embed", "x", "--file", "y");
    assertThat(both.exit()).isEqualTo(ExitStatus.USAGE);
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    CommandRun bytes = CommandRun.heed("embed", "--file", binary.toString());
    assertThat(bytes.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(bytes.err()).contains("expected text in UTF-8");
    CommandRun blank = CommandRun.heed("similar", "x", "--file", file("", " "));
    assertThat(blank.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(CommandRun.heed("evaluate").exit()).isEqualTo(ExitStatus.USAGE);
  }
}
