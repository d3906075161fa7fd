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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sentence, Heads and Step by step of a model that looks back only. */
@Tag("integration")
class DecoderViewsBrowserTest extends BrowserTests {
  private static final String TEXT = "the cat sat on the tree";

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    ExplorerBrowser browser = new ExplorerBrowser(TinyModels.all(folder));
    // opens the model with its head, which the badge beside each picture asks
    ObjectNode measured = asked().put("method", "raw").put("word", 2);
    new ApiClient(browser.address()).followed("/api/evidence", measured);
    return browser;
  }

  /** The token “sat”, third of six, in layer 1 and head 2. */
  private Page open(String view) {
    return browser()
        .open(
            1200,
            ColorScheme.LIGHT,
            "model=writer&word=2&layer=1&head=2&pieces=1&text=the+cat+sat+on+the+tree&view="
                + view);
  }

  private static ObjectNode asked() {
    return ApiClient.object()
        .put("model", TinyModels.WRITER)
        .put("text", TEXT)
        .put("pieces", true)
        .put("layer", 1)
        .put("head", 2);
  }

  @Test
  void a_word_gives_nothing_to_later_ones() throws Exception {
    JsonNode row =
        new ApiClient(browser().address()).post("/api/attention", asked()).get("weights").get(2);
    try (Page page = open("sentence")) {
      PlaywrightAssertions.assertThat(page.locator("#heading"))
          .hasText(Pattern.compile("“sat” → .*"));
      for (int unit = 0; unit < 6; unit++) {
        double weight = row.get(unit).doubleValue();
        assertThat(weight > 0).isEqualTo(unit <= 2);
        PlaywrightAssertions.assertThat(page.locator("#words button[data-unit='" + unit + "']"))
            .hasAttribute(
                "aria-label", Pattern.compile(String.format(Locale.ROOT, ".*gets %.2f", weight)));
      }
      keep(page, "sentence-decoder");
    }
  }

  @Test
  void a_map_has_nothing_above_its_diagonal() {
    try (Page page = open("heads")) {
      PlaywrightAssertions.assertThat(page.locator("#grid button")).hasCount(12);
      PlaywrightAssertions.assertThat(page.locator("#map rect.cell").first()).isVisible();
      Object above =
          page.evaluate(
              "[...document.querySelectorAll('#map rect.cell')]"
                  + ".filter(e => e.__data__[1] > e.__data__[0]).length");
      assertThat(above).isEqualTo(0);
      keep(page, "heads-decoder");
    }
  }

  @Test
  void what_comes_later_is_hidden_from_a_step() throws Exception {
    JsonNode steps = new ApiClient(browser().address()).post("/api/steps", asked().put("query", 2));
    try (Page page = open("steps")) {
      for (int token = 0; token < 6; token++) {
        PlaywrightAssertions.assertThat(page.locator("#step-table tbody .weight").nth(token))
            .hasText(
                String.format(Locale.ROOT, "%.3f", steps.get("weights").get(token).doubleValue()));
        PlaywrightAssertions.assertThat(page.locator("#step-table tbody .score").nth(token))
            .hasText(Pattern.compile(token <= 2 ? "-?\\d+\\.\\d\\d" : "hidden"));
      }
      keep(page, "steps-decoder");
    }
  }
}
