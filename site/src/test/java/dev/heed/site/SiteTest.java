package dev.heed.site;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The project's own pages, and small projects with faults. */
@Tag("integration")
@SuppressWarnings("NullAway.Init") // by JUnit
class SiteTest {
  @TempDir Path folder;

  private void page(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void project(String readme) throws IOException {
    page("README.md", readme);
    for (String name : List.of("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
      page(name, "# Another\n");
    }
    page("docs/guide.md", "# A `guide`\n\nOf <b>x</b>.\n\n## Two words\n\nMore of it.\n");
  }

  @Test
  void all_links_of_the_projects_pages_lead_somewhere() throws IOException {
    Path out = folder.resolve("out");
    int count = Site.of(Path.of("..")).write(out);
    assertThat(count).isGreaterThan(80);
    assertThat(out.resolve("index.html")).content().contains("./heed look").contains("<table>");
    assertThat(out.resolve("docs/mechanisms/index.html")).exists();
    assertThat(out.resolve("docs/images/look.png")).exists();
    assertThat(out.resolve("docs/tasks.html")).content().contains("href=\"../index.html\"");
    JsonNode index = JsonMapper.shared().readTree(Files.readString(out.resolve("search.json")));
    assertThat(index.size()).isGreaterThan(count);
  }

  @Test
  void links_between_pages_and_headings_are_the_sites() throws IOException {
    project("# Top\n\n[a](docs/guide.md#two-words) [b](https://example.org/c.md) [c](#top)\n");
    Site site = Site.of(folder);
    site.write(folder.resolve("out"));
    String index = Files.readString(folder.resolve("out/index.html"));
    assertThat(index)
        .contains("href=\"docs/guide.html#two-words\"")
        .contains("href=\"https://example.org/c.md\"")
        .contains("href=\"#top\"");
    assertThat(Files.readString(folder.resolve("out/docs/guide.html")))
        .contains("<h2 id=\"two-words\">")
        .contains("&lt;b&gt;x")
        .contains("<title>A guide · Heed</title>");
    assertThat(requireNonNull(site.pages().get("docs/guide.md")).sections())
        .extracting(SitePage.Section::text)
        .containsExactly("Of x.", "More of it.");
  }

  @Test
  void every_link_that_leads_nowhere_is_named() throws IOException {
    project(
        "# Top\n\n"
            + "[a](docs/none.md) [b](docs/guide.md#three) ![c](none.png) [d](../x.md) [e](NONE)\n");
    assertThatThrownBy(() -> Site.of(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("README.md: docs/none.md")
        .hasMessageContaining("README.md: docs/guide.md#three")
        .hasMessageContaining("README.md: none.png")
        .hasMessageContaining("README.md: NONE")
        .hasMessageContaining("README.md: ../x.md");
  }
}
