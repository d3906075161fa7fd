package dev.heed.cli.mechanisms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.cli.CommandRun;
import dev.heed.cli.ExitStatus;
import dev.heed.nn.ClosestNames;
import dev.heed.picture.mechanism.MechanismPictures;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("integration")
class MechanismsCommandTest {
  private static final Path PAGES = Path.of("..", "docs", "mechanisms");

  @Test
  void the_catalogue_names_every_page() throws IOException {
    List<String> files;
    try (Stream<Path> list = Files.list(PAGES)) {
      files =
          list.map(path -> path.getFileName().toString())
              .filter(file -> file.endsWith(".md") && !file.equals("README.md"))
              .map(file -> file.replace(".md", ""))
              .sorted()
              .toList();
    }
    assertThat(Files.readAllLines(PAGES.resolve("index.txt")))
        .filteredOn(line -> !line.isBlank() && !line.startsWith("#"))
        .as("docs/mechanisms/index.txt has one line a page")
        .containsExactlyInAnyOrderElementsOf(files);
  }

  static List<String> names() {
    return Catalogue.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_page_has_its_parts(String name) {
    List<Page> called = Catalogue.called(name);
    assertThat(called).as("pages that are called %s", name).hasSize(1);
    Page page = called.getFirst();
    assertThat(page.title()).isNotEqualTo(name);
    assertThat(page.parts())
        .containsKeys("Idea", "Formula", "Options", "Cost", "When to use it", "Source");
    page.lines().values().forEach(text -> assertThat(text).isNotBlank());
    assertThat(page.firstSentence("Cost")).hasSizeBetween(8, 120);
  }

  /** A picture without a page could not be asked for, a page without a picture not be shown. */
  @Test
  void pictures_and_pages_belong_together() {
    assertThat(names()).containsExactlyInAnyOrderElementsOf(MechanismPictures.names());
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_mechanism_shows_itself(String name) {
    CommandRun shown = CommandRun.heed("mechanisms", "show", name);
    assertThat(shown.exit()).as(shown.err()).isEqualTo(ExitStatus.OK);
    assertThat(shown.out()).contains("Options").containsAnyOf("█", "░", "a", "⠀");
    CommandRun report = CommandRun.heed("mechanisms", "show", name, "--json");
    JsonNode panels = new JsonMapper().readTree(report.out()).get("panels");
    assertThat(panels.size()).isPositive();
    panels.forEach(panel -> {
      JsonNode numbers = panel.has("values") ? panel.get("values") : panel.get("curves");
      assertThat(numbers.size()).isPositive();
    });
  }

  @Test
  void lists_names_and_costs() {
    CommandRun run = CommandRun.heed("mechanisms");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("luong").contains("cost: O(Tq · S · d)");
    JsonNode list = new JsonMapper().readTree(CommandRun.heed("mechanisms", "--json").out());
    assertThat(list.size()).isEqualTo(names().size());
  }

  @Test
  void shows_a_page_and_draws_its_pattern() {
    CommandRun run = CommandRun.heed("mechanisms", "show", "causal-attention");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(run.out()).contains("Formula").contains("saw ██████· · ");
    JsonNode shown =
        new JsonMapper()
            .readTree(CommandRun.heed("mechanisms", "show", "sliding-window", "--json").out());
    JsonNode row = shown.get("panels").get(0).get("values").get(7);
    assertThat(row.get(2).asDouble()).isZero();
    assertThat(row.get(3).asDouble()).isEqualTo(1);
    assertThat(row.get(8).asDouble()).isZero();
  }

  @Test
  void formulas_stand_in_their_own_lines() {
    assertThat(CommandRun.heed("mechanisms", "show", "mamba").out())
        .contains(
            "    x, z = W_in u;   x = silu(conv(x))" + System.lineSeparator() + "    Δ', B, C");
  }

  @Test
  void keeps_pictures_and_pages(@TempDir Path folder) throws IOException {
    Path png = folder.resolve("mamba.png");
    Path html = folder.resolve("mamba.html");
    CommandRun run =
        CommandRun.heed(
            "mechanisms", "show", "mamba", "--png", png.toString(), "--html", html.toString());
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    assertThat(ImageIO.read(png.toFile()).getWidth()).isGreaterThan(600);
    assertThat(Files.readString(html))
        .contains("<h2>Options</h2>", "not a softmax", "→ the:", "<caption>", "scope=\"col\"");
    CommandRun nowhere =
        CommandRun.heed("mechanisms", "show", "s4", "--png", folder + "/no/such.png");
    assertThat(nowhere.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(nowhere.err()).contains("--png: no such folder: ");
  }

  @Test
  void the_gallery_holds_all(@TempDir Path folder) throws IOException {
    Path png = folder.resolve("all.png");
    CommandRun run = CommandRun.heed("mechanisms", "gallery", "--png", png.toString(), "--json");
    assertThat(run.exit()).isEqualTo(ExitStatus.OK);
    JsonNode report = new JsonMapper().readTree(run.out());
    assertThat(report.get("mechanisms").size()).isEqualTo(names().size());
    assertThat(report.get("files").get(0).stringValue()).isEqualTo(png.toString());
    assertThat(report.get("files").get(1).stringValue()).endsWith("all-2.png");
    for (JsonNode file : report.get("files")) {
      BufferedImage page = ImageIO.read(new File(file.stringValue()));
      assertThat(page.getWidth() * 9).isEqualTo(page.getHeight() * 16);
    }
    assertThat(CommandRun.heed("mechanisms", "gallery").exit()).isEqualTo(ExitStatus.USAGE);
  }

  /** As people write them: by other names, in any case, with any signs between. */
  @ParameterizedTest
  @CsvSource({
    "FLASH, blockwise-attention",
    "flash attention, blockwise-attention",
    "Flash_Attention, blockwise-attention",
    "rope, rotary-positions",
    "GQA, grouped-query-attention",
    "Transformer XL, transformer-xl",
    "S4, s4",
    "nystromformer, nystromformer",
    "Nyströmformer, nystromformer",
    "FAVOR+, performer",
    "KV cache, kv-cache"
  })
  void a_name_is_found(String written, String name) {
    assertThat(Catalogue.called(written).stream().map(Page::name)).containsExactly(name);
    assertThat(Catalogue.search(List.of(written)).stream().map(Page::name)).contains(name);
    assertThat(CommandRun.heed("mechanisms", written).out()).contains("  " + name + " ");
  }

  @Test
  void names_of_several_list_them() {
    CommandRun run = CommandRun.heed("mechanisms", "show", "peft");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("lora, prefix-tuning; name one of them");
    CommandRun none = CommandRun.heed("mechanisms", "qqqqqqqqqqq");
    assertThat(none.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(none.err()).contains("no mechanism is called qqqqqqqqqqq");
  }

  @Test
  void wrong_files_are_refused_before_the_work(@TempDir Path folder) {
    CommandRun ending = CommandRun.heed("mechanisms", "show", "s4", "--png", "s4.jpg");
    assertThat(ending.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(ending.err()).contains("--png: expected a name that ends in .png, got s4.jpg");
    CommandRun taken =
        CommandRun.heed("mechanisms", "show", "s4", "--html", folder + "/nowhere/s4.html");
    assertThat(taken.exit()).isEqualTo(ExitStatus.BAD_INPUT);
    assertThat(taken.err()).contains("--html: no such folder: ");
  }

  @Test
  void a_misspelt_name_gets_the_closest() {
    CommandRun run = CommandRun.heed("mechanisms", "show", "loung");
    assertThat(run.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).contains("did you mean luong?");
    assertThat(ClosestNames.distance("kitten", "sitting")).isEqualTo(3);
    CommandRun far = CommandRun.heed("mechanisms", "show", "qqqqqqqqqqqqqq");
    assertThat(far.exit()).isEqualTo(ExitStatus.USAGE);
    assertThat(far.err()).contains("`heed mechanisms` lists them");
  }
}
