package dev.heed.explorer;

import static dev.heed.explorer.ExplorerBrowser.keep;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page in Chromium, as people use it. */
@Tag("integration")
class BrowserTest extends BrowserTests {

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    return miniLm("all-MiniLM-L6-v2");
  }

  private Page open(int width, ColorScheme scheme) {
    Page page = browser().open(width, scheme, "");
    heading(page, "“it” → “animal” 0.68 in layer 3, head 1");
    return page;
  }

  private static void heading(Page page, String expected) {
    PlaywrightAssertions.assertThat(page.locator("#heading")).hasText(expected);
  }

  @Test
  void a_word_shows_what_it_attends_to() {
    try (Page page = open(1200, ColorScheme.LIGHT)) {
      keep(page, "sentence");
      String first = page.locator("#bars tbody tr").first().innerText();
      assertThat(first).startsWith("animal").contains("0.68", "0.07");
      page.locator("#words button", containing("tired")).hover();
      PlaywrightAssertions.assertThat(page.locator("#heading"))
          .hasText(Pattern.compile("“tired” → .*"));
      page.locator("#words button[aria-pressed=true]").focus();
      page.keyboard().press("ArrowLeft");
      PlaywrightAssertions.assertThat(page.locator("#heading"))
          .hasText(Pattern.compile("“too” → .*"));
      page.locator("#hide").check();
      PlaywrightAssertions.assertThat(page.locator("#words .special")).hasCount(0);
    }
  }

  @Test
  void markup_in_a_text_stays_text() {
    try (Page page = open(1200, ColorScheme.LIGHT)) {
      page.locator("#text").fill("<img src=x onerror=alert(1)> is a tag");
      page.locator("#read").click();
      PlaywrightAssertions.assertThat(page.locator("#words")).containsText("onerror");
      assertThat(page.locator("main img").count()).isZero();
    }
  }

  @Test
  void a_head_shows_its_map() {
    try (Page page = open(1200, ColorScheme.DARK)) {
      page.locator("#show-heads").click();
      PlaywrightAssertions.assertThat(page.locator("#grid button")).hasCount(72);
      page.locator("#grid button").nth(2).click();
      PlaywrightAssertions.assertThat(page.locator("#map-heading"))
          .hasText(Pattern.compile("Layer 0, head 2: previous 0\\.9\\d"));
      Object fill =
          page.locator("#map rect.cell").first().evaluate("e => getComputedStyle(e).fill");
      assertThat(String.valueOf(fill).toLowerCase(Locale.ROOT)).isEqualTo("rgb(255, 140, 80)");
      keep(page, "heads-dark");
    }
  }

  @Test
  void a_token_goes_through_the_steps() {
    try (Page page = open(1200, ColorScheme.LIGHT)) {
      page.locator("#show-steps").click();
      Locator line = page.locator("#step-table tr", containing("animal"));
      PlaywrightAssertions.assertThat(line).containsText("0.677");
      keep(page, "steps");
      page.locator("#unscaled").check();
      PlaywrightAssertions.assertThat(page.locator("#step-note")).containsText("Changed by you");
      PlaywrightAssertions.assertThat(line.locator(".weight")).hasText("1.000");
    }
  }

  @Test
  void a_phone_scrolls_only_down() {
    try (Page page = open(360, ColorScheme.DARK)) {
      keep(page, "phone-dark");
      assertThat(page.evaluate(ExplorerBrowser.TOO_WIDE)).asString().isEmpty();
    }
  }
}
