package dev.heed.cli.mechanisms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.nn.ClosestNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MechanismsCommandTest {
  private static final Path PAGES = Path.of("..", "docs", "mechanisms");

  @Test
  void theCatalogueNamesEveryPage() throws IOException {
    List<String> files;
    try (Stream<Path> list = Files.list(PAGES)) {
      files =
          list.map(path -> path.getFileName().toString())
              .filter(file -> file.endsWith(".md"))
              .map(file -> file.replace(".md", ""))
              .sorted()
              .toList();
    }
    assertThat(Files.readAllLines(PAGES.resolve("index.txt")))
        .as("docs/mechanisms/index.txt has one line a page")
        .containsExactlyInAnyOrderElementsOf(files);
  }

  static List<String> names() {
    return Catalogue.pages().stream().map(Page::name).toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyPageHasItsParts(String name) {
    Page page = Catalogue.find(name).orElseThrow();
    assertThat(page.title()).isNotEqualTo(name);
    assertThat(page.parts()).containsKeys("Idea", "Formula", "Cost", "When to use it", "Source");
    page.lines().values().forEach(text -> assertThat(text).isNotBlank());
  }

  @Test
  void listsNamesAndCosts() {
    CommandRun run = CommandRun.heed("mechanisms");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("luong").contains("cost: O(Tq · S · d)");
    JsonNode list = new JsonMapper().readTree(CommandRun.heed("mechanisms", "--json").out());
    assertThat(list.size()).isEqualTo(names().size());
  }

  @Test
  void showsAPageAndDrawsItsPattern() {
    CommandRun run = CommandRun.heed("mechanisms", "show", "causal-attention");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("Formula").contains("  ██████· · ");
    JsonNode shown =
        new JsonMapper()
            .readTree(CommandRun.heed("mechanisms", "show", "sliding-window", "--json").out());
    assertThat(shown.get("pattern").get(7).asString()).startsWith("· · · ██████████· ");
  }

  @Test
  void aMisspeltNameGetsTheClosest() {
    CommandRun run = CommandRun.heed("mechanisms", "show", "loung");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("did you mean luong?");
    assertThat(ClosestNames.distance("kitten", "sitting")).isEqualTo(3);
  }
}
