package dev.heed.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is kept of a view. */
@Tag("integration")
class KeepBrowserTest extends BrowserTests {

  @TempDir private Path folder;

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    return miniLm("MiniLM");
  }

  private Page open(String view) {
    Page page = browser().open(1200, ColorScheme.LIGHT, "view=" + view);
    String last =
        switch (view) {
          case "sentence" -> "#bars tbody tr";
          case "heads" -> "#map rect.cell";
          case "steps" -> "#step-table tbody tr";
          case "evidence" -> "#evidence-cards article";
          default -> "#mechanism-maps canvas";
        };
    assertThat(page.locator(last).first()).isVisible();
    return page;
  }

  private Path kept(Page page, String way) {
    page.locator("#keep summary").click();
    Download download = page.waitForDownload(() -> page.locator("#keep-" + way).click());
    Path file = folder.resolve(download.suggestedFilename());
    download.saveAs(file);
    return file;
  }

  @Test
  void a_page_works_without_a_server() throws Exception {
    Path file;
    try (Page page = open("sentence")) {
      file = kept(page, "html");
    }
    try (Page page = browser().page(1200, ColorScheme.LIGHT)) {
      page.onRequest(request -> assertThat(request.url()).startsWith("file:"));
      page.navigate(file.toUri().toString());
      assertThat(page.locator("#heading")).hasText("“it” → “animal” 0.68 in layer 3, head 1");
      page.locator("#words button", containing("tired")).hover();
      assertThat(page.locator("#heading")).hasText(Pattern.compile("“tired” → .*"));
      page.locator("#show-heads").click();
      assertThat(page.locator("#grid button")).hasCount(72);
      page.locator("#grid button").nth(2).click();
      assertThat(page.locator("#map-heading")).hasText(Pattern.compile("Layer 0, head 2.*"));
      assertThat(page.locator("#map rect.cell").first()).isVisible();
      page.locator("#text").fill("Another text.");
      page.locator("#read").click();
      assertThat(page.locator("#status")).containsText("holds only what");
      ExplorerBrowser.keep(page, "kept-page");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sentence", "heads", "steps", "evidence", "mechanisms"})
  void aDrawingHoldsWhatIsSeen(String view) throws Exception {
    try (Page page = open(view)) {
      Path file = kept(page, "svg");
      try (InputStream in = Files.newInputStream(file)) {
        Document drawing = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
        assertThat(drawing.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(drawing.getElementsByTagName("text").getLength()).isGreaterThan(5);
      }
      Path picture = kept(page, "png");
      byte[] bytes = Files.readAllBytes(picture);
      assertThat(bytes).startsWith(0x89, 'P', 'N', 'G');
      assertThat(bytes.length).isGreaterThan(10_000);
      Path all = Files.createDirectories(Path.of("target", "explorer"));
      Files.write(all.resolve("kept-" + view + ".png"), bytes);
    }
  }

  @Test
  void the_numbers_are_the_servers() throws Exception {
    try (Page page = open("sentence")) {
      JsonNode kept = JsonMapper.shared().readTree(Files.readString(kept(page, "json")));
      JsonNode mean =
          new ApiClient(browser().address())
              .post(
                  "/api/attention",
                  ApiClient.object()
                      .put("model", "MiniLM")
                      .put("text", kept.get("reading").get("text").stringValue())
                      .put("pieces", false));
      boolean found = false;
      for (JsonNode answer : kept.get("answers")) {
        found |= answer.get(1).equals(mean);
      }
      assertThat(found).isTrue();
    }
  }

  @Test
  void a_link_restores_the_view() {
    String link;
    try (Page page = open("heads")) {
      page.locator("#grid button").nth(13).click();
      assertThat(page.locator("#map-heading")).hasText(Pattern.compile("Layer 1, head 1.*"));
      link = page.url();
    }
    try (Page page = browser().page(1200, ColorScheme.LIGHT)) {
      page.navigate(link);
      assertThat(page.locator("#map-heading")).hasText(Pattern.compile("Layer 1, head 1.*"));
    }
  }
}
