package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import dev.heed.model.ModelFiles;
import dev.heed.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The page in Chromium, as people use it. Pictures are kept in {@code target/explorer}.
 *
 * <p>{@code -Dheed.chromium=FILE} names the browser, which then must be there, as on CI. Without it
 * {@code /usr/bin/chromium} is taken, and these tests are left out, aloud, where there is none.
 */
@Tag("integration")
class BrowserTest {
  private static Explorer explorer;
  private static Playwright playwright;
  private static Browser browser;

  private final List<String> troubles = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    String named = System.getProperty("heed.chromium", "");
    Path chromium = Path.of(named.isEmpty() ? "/usr/bin/chromium" : named);
    assumeTrue(
        !named.isEmpty() || Files.isExecutable(chromium),
        "no browser at " + chromium + ": install Debian's chromium, or name one: -Dheed.chromium");
    explorer =
        Explorer.start(WebSettings.local(0), Map.of("all-MiniLM-L6-v2", ModelFiles.embedded()));
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(List.of("--no-sandbox")));
  }

  @AfterAll
  static void stop() {
    if (explorer != null) {
      explorer.close();
    }
    if (playwright != null) {
      playwright.close();
    }
  }

  @AfterEach
  void nothingWentWrong() {
    assertThat(troubles).isEmpty();
  }

  private Page open(int width, ColorScheme scheme) {
    Page page =
        browser.newPage(
            new Browser.NewPageOptions().setViewportSize(width, 900).setColorScheme(scheme));
    page.onConsoleMessage(message -> {
      if (message.type().equals("error")) {
        troubles.add(message.text());
      }
    });
    page.onPageError(troubles::add);
    page.onRequest(request -> {
      if (!request.url().startsWith(explorer.address()) && !request.url().startsWith("data:")) {
        troubles.add("foreign request: " + request.url());
      }
    });
    page.navigate(explorer.address());
    heading(page, "“it” → “animal” 0.68 in layer 3, head 1");
    return page;
  }

  private static void heading(Page page, String expected) {
    PlaywrightAssertions.assertThat(page.locator("#heading")).hasText(expected);
  }

  private static void keep(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Path.of("target", "explorer", name + ".png"))
            .setFullPage(true));
  }

  @Test
  void aWordShowsWhatItAttendsTo() {
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
  void markupInATextStaysText() {
    try (Page page = open(1200, ColorScheme.LIGHT)) {
      page.locator("#text").fill("<img src=x onerror=alert(1)> is a tag");
      page.locator("#read").click();
      PlaywrightAssertions.assertThat(page.locator("#words")).containsText("onerror");
      assertThat(page.locator("main img").count()).isZero();
    }
  }

  @Test
  void aHeadShowsItsMap() {
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
  void aTokenGoesThroughTheSteps() {
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
  void aPhoneScrollsOnlyDown() {
    try (Page page = open(360, ColorScheme.DARK)) {
      keep(page, "phone-dark");
      assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }
  }

  private static Page.LocatorOptions containing(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
