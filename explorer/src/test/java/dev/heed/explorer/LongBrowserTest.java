package dev.heed.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.heed.model.ModelFiles;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A text of thousands of tokens is looked at from afar and from near. */
@Tag("browser")
class LongBrowserTest extends BrowserTests {
  private static final String FAR = "view=long&model=" + FarReader.NAME;

  /** How many points of the map are not the colour of the panel behind it. */
  private static final String MARKED =
      """
      canvas => {
        const {data} = canvas.getContext('2d').getImageData(100, 100, canvas.width - 100, canvas.height - 100);
        const seen = new Set();
        for (let i = 0; i < data.length; i += 4) seen.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
        return seen.size;
      }
      """;

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    SequencedMap<String, ModelFiles> models = new LinkedHashMap<>();
    models.put("all-MiniLM-L6-v2", ModelFiles.embedded());
    models.put(FarReader.NAME, FarReader.write(folder));
    return new ExplorerBrowser(models);
  }

  private static Locator map(Page page) {
    Locator map = page.locator("#long-map");
    assertThat(map).hasAttribute("aria-busy", "false");
    return map;
  }

  @Test
  void a_long_text_is_seen_whole_and_near() {
    try (Page page = browser().open(1200, ColorScheme.LIGHT, FAR)) {
      assertThat(page.locator("#long-models")).containsText("far-reader reads 16,384 tokens");
      assertThat(page.locator("#long-models")).containsText("all-MiniLM-L6-v2 reads 512 tokens");
      page.locator("#long-example").click();
      assertThat(page.locator("#long-heading"))
          .hasText(Pattern.compile("[678],\\d{3} tokens, layer 0, head 0"));
      assertThat((Integer) map(page).evaluate(MARKED)).isGreaterThan(20);
      ExplorerBrowser.keep(page, "long-whole");
      map(page).hover();
      assertThat(page.locator("#long-cell"))
          .hasText(Pattern.compile("[\\d–]+ → [\\d–]+: at most 0.*"));
      map(page).focus();
      page.keyboard().press("Enter");
      assertThat(page.locator("#long-keys button").first()).isVisible();
      page.locator("#long-keys button").nth(1).click();
      map(page);
      assertThat(page.url()).contains("zoom=").contains("pick=");
      map(page).hover();
      assertThat(page.locator("#long-cell"))
          .hasText(Pattern.compile("“.+” \\(\\d+\\) → “.+” \\(\\d+\\): \\d.*"));
      assertThat(page.locator("#long-evidence")).containsText("Evidence: not measured");
      ExplorerBrowser.keep(page, "long-near");
      String link = page.url();
      page.navigate("about:blank");
      page.navigate(link);
      assertThat(page.locator("#long-keys button").first()).isVisible();
      assertThat(page.url()).contains("zoom=").hasSameSizeAs(link);
    }
  }

  @Test
  void a_short_text_has_its_evidence() {
    try (Page page = browser().open(1200, ColorScheme.DARK, "view=long&al=3&ah=1&pick=10")) {
      assertThat(page.locator("#long-query")).containsText("too tired");
      assertThat(page.locator("#long-keys button").first()).containsText("animal");
      assertThat(page.locator("#long-evidence summary"))
          .hasText(Pattern.compile("Evidence: .* measures speak for this map"));
      map(page);
      ExplorerBrowser.keep(page, "long-short-dark");
      page.locator("#show-sentence").click();
      assertThat(page.locator("#heading")).containsText("“it” → “animal” 0.68");
    }
  }

  @Test
  void a_phone_scrolls_only_down() {
    try (Page page = browser().open(360, ColorScheme.LIGHT, FAR)) {
      map(page);
      ExplorerBrowser.keep(page, "long-phone");
      assertThat(page.evaluate(ExplorerBrowser.TOO_WIDE)).isEqualTo("");
    }
  }
}
