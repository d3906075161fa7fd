package dev.heed.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What was measured of a map, in Chromium. */
@Tag("integration")
class EvidenceBrowserTest extends BrowserTests {

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    return miniLm("MiniLM");
  }

  @Test
  void a_badge_stands_beside_the_picture_and_leads_to_what_was_measured() throws Exception {
    try (Page page = browser().open(1200, ColorScheme.LIGHT, "")) {
      assertThat(page.locator("#sentence-evidence"))
          .hasText(Pattern.compile("Evidence: .*[✓✗].* of 4 measures speak for this map"));
      ExplorerBrowser.keep(page, "sentence-evidence");
      page.locator("#sentence-evidence").click();
      assertThat(page.locator("#evidence-verdict"))
          .hasText(Pattern.compile("\\d of 4 measures speak for this map\\."));
      assertThat(page.locator("#evidence-cards article")).hasCount(4);
      JsonNode told =
          new ApiClient(browser().address())
              .followed(
                  "/api/evidence",
                  ApiClient.object()
                      .put("text", page.inputValue("#text"))
                      .put("method", "raw")
                      .put("layer", 3)
                      .put("head", 1)
                      .put("word", 8));
      assertThat(page.locator("#evidence-cards .figure").nth(0))
          .containsText(String.format(Locale.ROOT, "τ %.2f", told.get("agreement").doubleValue()));
      assertThat(page.locator("#evidence-cards .figure").nth(1))
          .containsText(
              String.format(Locale.ROOT, "%.3f", told.get("removal").get("change").doubleValue()));
      assertThat(page.locator("#evidence-cards .figure").nth(2))
          .containsText(String.format(Locale.ROOT, "%.3f", told.get("uniform").doubleValue()));
      assertThat(page.locator("#evidence-cards .figure").nth(3))
          .containsText(told.get("alternative").get("alike").intValue() + " of 32");
      ExplorerBrowser.keep(page, "evidence");
    }
  }

  @Test
  void each_method_is_explained_and_measured() {
    try (Page page =
        browser().open(1200, ColorScheme.DARK, "view=evidence&method=rollout&word=10")) {
      assertThat(page.locator("#evidence-source")).containsText("Abnar and Zuidema");
      assertThat(page.locator("#evidence-verdict"))
          .hasText(Pattern.compile("\\d of 3 measures speak for this map\\."));
      ExplorerBrowser.keep(page, "evidence-rollout-dark");
      page.locator("#evidence-methods button", containing("Gradient")).click();
      assertThat(page.locator("#evidence-source")).containsText("Chefer");
      assertThat(page.locator("#evidence-verdict")).hasText(Pattern.compile("\\d of 2 .*"));
      assertThat(page.url()).contains("method=gradient");
      page.locator("#evidence-methods button", containing("Flow")).click();
      assertThat(page.locator("#evidence-verdict")).hasText(Pattern.compile("\\d of 3 .*"));
    }
  }

  @Test
  void a_phone_scrolls_only_down() {
    try (Page page = browser().open(360, ColorScheme.DARK, "view=evidence")) {
      assertThat(page.locator("#evidence-verdict")).hasText(Pattern.compile("\\d of 4 .*"));
      ExplorerBrowser.keep(page, "evidence-phone");
      assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }
  }
}
