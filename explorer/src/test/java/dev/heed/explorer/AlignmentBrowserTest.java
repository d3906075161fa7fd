package dev.heed.explorer;

import static dev.heed.explorer.ExplorerBrowser.keep;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Alignment, images and a moving meaning in Chromium. */
@Tag("integration")
class AlignmentBrowserTest extends BrowserTests {

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    return tinyModels(folder);
  }

  @Test
  void a_target_is_aligned() {
    try (Page page =
        browser()
            .open(
                1200,
                ColorScheme.LIGHT,
                "view=alignment&model=translator&text=the+cat+sat+on+it&target=a+dog+ran")) {
      PlaywrightAssertions.assertThat(page.locator("#alignment-heading")).hasText("“a dog ran”");
      PlaywrightAssertions.assertThat(page.locator("#alignment-table tr")).hasCount(4);
      assertThat(page.locator("#alignment-lines path").count()).isPositive();
      page.locator("#alignment-layer").selectOption("1");
      page.locator("#alignment-head").selectOption("0");
      page.waitForURL(Pattern.compile(".*al=1.*ah=0.*"));
      PlaywrightAssertions.assertThat(page.locator("#alignment-evidence"))
          .containsText("choose a layer and a head, and stay with a word");
      page.locator("#alignment-lines text.query").first().hover();
      PlaywrightAssertions.assertThat(page.locator("#alignment-evidence summary"))
          .hasText(Pattern.compile("Evidence: .* of [34] measures speak for this map"));
      keep(page, "alignment");
      // The word that was chosen stays chosen: no hover is asked for again under another head.
      page.locator("#alignment-head").selectOption("1");
      page.waitForURL(Pattern.compile(".*al=1.*ah=1.*"));
      PlaywrightAssertions.assertThat(page.locator("#alignment-evidence"))
          .containsText("Measured when you stay with a word");
      PlaywrightAssertions.assertThat(page.locator("#alignment-evidence summary"))
          .hasText(Pattern.compile("Evidence: .* of [34] measures speak for this map"));
    }
  }

  @Test
  void a_word_chosen_before_its_map_has_come_is_measured() {
    try (Page page =
        browser()
            .open(
                1200,
                ColorScheme.LIGHT,
                "view=alignment&model=translator&text=the+cat+sat+on+it&target=a+dog+ran")) {
      PlaywrightAssertions.assertThat(page.locator("#alignment-table tr")).hasCount(4);
      page.evaluate(
          "() => { const fetched = window.fetch; window.fetch = async (...all) => {"
              + " if (String(all[0]).includes('align')) await new Promise(r => setTimeout(r, 1500));"
              + " return fetched(...all); }; }");
      page.locator("#alignment-layer").selectOption("1");
      page.locator("#alignment-head").selectOption("0");
      page.locator("#alignment-lines text.query").first().hover();
      PlaywrightAssertions.assertThat(page.locator("#alignment-evidence summary"))
          .hasText(Pattern.compile("Evidence: .* of [34] measures speak for this map"));
    }
  }

  @Test
  void an_image_is_looked_at() {
    try (Page page = browser().open(1200, ColorScheme.DARK, "view=image&model=seer")) {
      PlaywrightAssertions.assertThat(page.locator("#text-section")).isHidden();
      page.locator("#image-example").click();
      PlaywrightAssertions.assertThat(page.locator("#image-heading"))
          .hasText(Pattern.compile("From the class token: .*"));
      page.locator("#image-map").hover();
      PlaywrightAssertions.assertThat(page.locator("#image-heading"))
          .hasText(Pattern.compile("From patch .*"));
      PlaywrightAssertions.assertThat(page.locator("#image-evidence")).containsText("not measured");
      keep(page, "image-dark");
    }
  }

  @Test
  void a_sound_is_listened_to() {
    try (Page page = browser().open(1200, ColorScheme.LIGHT, "view=alignment&model=hearer")) {
      page.locator("#alignment-target").fill("the cat");
      page.locator("#alignment-read").click();
      page.locator("#alignment-file")
          .setInputFiles(new FilePayload("tone.wav", "audio/wav", TinyModels.sound(1)));
      PlaywrightAssertions.assertThat(page.locator("#alignment-heading"))
          .hasText(Pattern.compile("1.0 seconds, as the model is made to write the target"));
      keep(page, "alignment-sound");
    }
  }

  @Test
  void a_meaning_moves() {
    try (Page page = browser().open(1200, ColorScheme.LIGHT, "view=meaning")) {
      PlaywrightAssertions.assertThat(page.locator("#meaning-heading"))
          .hasText(Pattern.compile("After layer 5, .*"));
      PlaywrightAssertions.assertThat(page.locator("#meaning-plane g")).hasCount(6);
      PlaywrightAssertions.assertThat(page.locator("#meaning-evidence"))
          .containsText("not measured");
      keep(page, "meaning");
      page.locator("#meaning-depth").fill("0");
      PlaywrightAssertions.assertThat(page.locator("#meaning-heading"))
          .hasText(Pattern.compile("After the embedding, .*"));
    }
    try (Page page = browser().open(360, ColorScheme.DARK, "view=meaning")) {
      PlaywrightAssertions.assertThat(page.locator("#meaning-plane g")).hasCount(6);
      keep(page, "meaning-phone-dark");
      assertThat(page.evaluate(ExplorerBrowser.TOO_WIDE)).asString().isEmpty();
    }
  }
}
