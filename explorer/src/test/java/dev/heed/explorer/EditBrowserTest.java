package dev.heed.explorer;

import static dev.heed.explorer.ExplorerBrowser.keep;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Attention changed by hand in Chromium. */
@Tag("integration")
class EditBrowserTest extends BrowserTests {

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    return tinyModels(folder);
  }

  private Page open(int width, ColorScheme scheme, String state) {
    Page page = browser().open(width, scheme, "view=edit" + state);
    PlaywrightAssertions.assertThat(page.locator("#edit-heading"))
        .hasText(Pattern.compile("Nothing is changed.*"));
    return page;
  }

  @Test
  void heads_and_tokens_are_taken_away() throws Exception {
    try (Page page = open(1200, ColorScheme.LIGHT, "&text=A+dog+barks.")) {
      page.locator("#edit-heads .head").nth(14).click();
      PlaywrightAssertions.assertThat(page.locator("#edit-heading"))
          .hasText(Pattern.compile("The text’s vector keeps.*|The text's vector keeps.*"));
      page.locator("#edit-tokens button").nth(2).click();
      PlaywrightAssertions.assertThat(page.locator("#edit-tokens [aria-pressed=true]")).hasCount(1);
      ObjectNode body = ApiClient.object().put("text", "A dog barks.");
      body.putArray("off").addObject().put("layer", 1).put("head", 2);
      body.putArray("knockouts").addObject().put("key", 2);
      double similarity =
          new ApiClient(browser().address())
              .post("/api/edit", body)
              .get("similarity")
              .doubleValue();
      PlaywrightAssertions.assertThat(page.locator("#edit-heading"))
          .containsText(String.format(Locale.ROOT, "%.3f", similarity));
      assertThat(page.url()).contains("off=1.2", "out=2");
      page.reload();
      PlaywrightAssertions.assertThat(page.locator("#edit-heading"))
          .containsText(String.format(Locale.ROOT, "%.3f", similarity));
      page.locator("#edit-other").fill("A cat barks.");
      page.locator("#edit-patch").click();
      PlaywrightAssertions.assertThat(page.locator("#edit-positions tr")).hasCount(7);
      PlaywrightAssertions.assertThat(page.locator("#edit-positions tr").nth(1))
          .containsText("1.00");
      keep(page, "edit");
    }
  }

  @Test
  void a_decoder_says_another_token() {
    try (Page page = open(1200, ColorScheme.DARK, "&model=writer&text=the+cat+sat")) {
      for (int layer = 0; layer < 3; layer++) {
        page.locator("#edit-heads .whole").nth(layer).click();
        PlaywrightAssertions.assertThat(page.locator("#edit-heads .head[aria-pressed=true]"))
            .hasCount(4 * layer + 4);
      }
      PlaywrightAssertions.assertThat(page.locator("#edit-heading"))
          .hasText(Pattern.compile("(Still “.*”|“.*” becomes “.*”)"));
      keep(page, "edit-dark");
      page.locator("#edit-reset").click();
      PlaywrightAssertions.assertThat(page.locator("#edit-heading")).containsText("Nothing");
    }
  }

  @Test
  void a_phone_scrolls_only_down() {
    try (Page page = open(360, ColorScheme.LIGHT, "")) {
      keep(page, "edit-phone");
      assertThat(page.evaluate(ExplorerBrowser.TOO_WIDE)).asString().isEmpty();
    }
  }
}
