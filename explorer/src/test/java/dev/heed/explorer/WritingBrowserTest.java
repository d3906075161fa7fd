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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A decoder in Chromium: what it writes, and how. */
@Tag("integration")
class WritingBrowserTest extends BrowserTests {

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    return tinyModels(folder);
  }

  private Page open(int width, ColorScheme scheme) {
    Page page =
        browser().open(width, scheme, "view=writing&model=writer&text=the+cat+sat+on+the+tree");
    heading(page, "Token 6, .* was written: the likeliest.*");
    return page;
  }

  private static void heading(Page page, String pattern) {
    PlaywrightAssertions.assertThat(page.locator("#writing-heading"))
        .hasText(Pattern.compile(pattern));
  }

  @Test
  void an_encoder_does_not_write() {
    try (Page page = browser().open(1200, ColorScheme.LIGHT, "view=writing")) {
      PlaywrightAssertions.assertThat(page.locator("#sentence")).isVisible();
      PlaywrightAssertions.assertThat(page.locator("#show-writing")).isHidden();
    }
  }

  @Test
  void a_token_shows_how_it_came_about() throws Exception {
    try (Page page = open(1200, ColorScheme.LIGHT)) {
      PlaywrightAssertions.assertThat(page.locator("#writing-evidence summary"))
          .hasText(Pattern.compile("Evidence: .* of [34] measures speak for this map"));
      keep(page, "writing");
      page.locator("#writing-on").click();
      heading(page, "Token 7, .*");
      page.locator("#writing-text [aria-pressed=true]").focus();
      page.keyboard().press("ArrowRight");
      heading(page, "Token 8, .*");
      assertThat(page.evaluate("document.activeElement.dataset.token")).isEqualTo("8");

      ApiClient api = new ApiClient(browser().address());
      ObjectNode body = ApiClient.object().put("model", "writer");
      JsonNode written =
          api.post("/api/write", body.deepCopy().put("text", "the cat sat on the tree"));
      ArrayNode ids = body.putArray("ids");
      for (int i = 0; i < 8; i++) {
        ids.add(written.get("tokens").get(i).get("id").intValue());
      }
      JsonNode next = api.post("/api/next", body);
      Locator first = page.locator("#writing-candidates li").first();
      long percent = Math.round(100 * next.at("/candidates/0/probability").doubleValue());
      PlaywrightAssertions.assertThat(first.locator(".share"))
          .hasText(Pattern.compile(percent + "(\\.\\d)? %"));
      PlaywrightAssertions.assertThat(page.locator("#writing-lens tbody tr")).hasCount(4);
      PlaywrightAssertions.assertThat(page.locator("#writing-heads button"))
          .hasCount(next.get("looks").size() * next.get("looks").get(0).size());
      PlaywrightAssertions.assertThat(page.locator("#writing-cache tbody tr").first())
          .containsText("3");
      String last = page.locator("#writing-heads button").nth(5).getAttribute("aria-label");
      assertThat(last)
          .contains(
              String.format(Locale.ROOT, "first %.2f", next.at("/looks/1/1/0").doubleValue()));
    }
  }

  @Test
  void another_candidate_is_written_on_from() {
    try (Page page = open(1200, ColorScheme.DARK)) {
      Locator second = page.locator("#writing-candidates li button").nth(1);
      String token = second.locator(".token").innerText();
      second.click();
      heading(page, "Token 6, “" + token + "”, was given: .* was likeliest.*");
      keep(page, "writing-dark");
    }
  }

  @Test
  void a_phone_scrolls_only_down() {
    try (Page page = open(360, ColorScheme.LIGHT)) {
      keep(page, "writing-phone");
      assertThat(page.evaluate(ExplorerBrowser.TOO_WIDE)).asString().isEmpty();
    }
  }
}
