package dev.heed.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The catalogue and the playground of masks, in Chromium. */
@Tag("integration")
class MechanismBrowserTest extends BrowserTests {

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    return miniLm("MiniLM");
  }

  @Test
  void two_mechanisms_stand_side_by_side() throws Exception {
    try (Page page = browser().open(1200, ColorScheme.LIGHT, "view=mechanisms")) {
      assertThat(page.locator("#mechanism-maps figure")).hasCount(2);
      ObjectNode asked =
          ApiClient.object()
              .put("model", "MiniLM")
              .put("text", page.inputValue("#text"))
              .put("layer", 3)
              .put("length", 32);
      asked.putArray("names").add("full-attention").add("sliding-window");
      JsonNode answer = new ApiClient(browser().address()).post("/api/mechanism", asked);
      assertThat(page.locator("#mechanism-likeness"))
          .containsText(String.format(Locale.ROOT, "%.3f", answer.get("likeness").doubleValue()));
      page.locator("#mechanism-two").selectOption("mamba");
      assertThat(page.locator("#mechanism-maps figcaption").nth(1)).hasText("Mamba");
      assertThat(page.locator("#mechanism-maps .about").nth(0)).containsText("influence");
      page.locator("#mechanism-measure").click();
      assertThat(page.locator("#mechanism-cost-note")).containsText("Measured now");
      assertThat(page.locator("#mechanism-curves path.curve")).hasCount(2);
      ExplorerBrowser.keep(page, "mechanisms");
    }
  }

  @Test
  void masks_are_composed_and_measured() throws Exception {
    try (Page page = browser().open(1200, ColorScheme.DARK, "view=mechanisms")) {
      page.locator("#mask-known button", containing("Sinks and window")).click();
      assertThat(page.locator("#mask-terms li")).hasCount(3);
      ObjectNode asked = ApiClient.object().put("length", 1024);
      ArrayNode terms = asked.putArray("terms");
      terms.addObject().put("mask", "window").putArray("numbers").add(32).add(0);
      terms.addObject().put("join", "or").put("mask", "first").putArray("numbers").add(4);
      terms.addObject().put("join", "and").put("mask", "causal").putArray("numbers");
      JsonNode mask = new ApiClient(browser().address()).post("/api/mask", asked);
      assertThat(page.locator("#mask-share"))
          .hasText(String.format(Locale.ROOT, "%.1f %%", 100 * mask.get("share").doubleValue()));
      assertThat(page.locator("#mask-skipped"))
          .hasText(mask.get("tiles").get("empty").intValue() + " of " + 32 * 16);
      page.locator("#mask-measure").click();
      assertThat(page.locator("#mask-speed")).hasText(Pattern.compile("[\\d.]+ ×"));
      ExplorerBrowser.keep(page, "mechanisms-dark");
      String link = page.url();
      page.navigate("about:blank");
      page.navigate(link);
      assertThat(page.locator("#mask-terms li")).hasCount(3);
      assertThat(page.locator("#mask-terms .mask").nth(1)).hasValue("first");
    }
  }

  @Test
  void a_phone_scrolls_only_down() {
    try (Page page = browser().open(360, ColorScheme.DARK, "view=mechanisms")) {
      assertThat(page.locator("#mask-share")).hasText(Pattern.compile("[\\d.]+ %"));
      assertThat(page.locator("#mechanism-maps figure")).hasCount(2);
      ExplorerBrowser.keep(page, "mechanisms-phone");
      assertThat(((Number) page.evaluate("document.documentElement.scrollWidth")).doubleValue())
          .isCloseTo(360, within(0.5));
    }
  }
}
