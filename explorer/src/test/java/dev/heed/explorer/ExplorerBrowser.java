package dev.heed.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
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
import java.util.Map;
import java.util.SequencedMap;

/**
 * An explorer and a Chromium that looks at it. Pictures are kept in {@code target/explorer}.
 *
 * <p>{@code -Dheed.chromium=FILE} names the browser, which then must be there, as on CI. Without it
 * {@code /usr/bin/chromium} is taken, and the tests are left out, aloud, where there is none.
 */
final class ExplorerBrowser implements AutoCloseable {
  /** Milliseconds until what shall be seen must be seen: a busy machine is slow. */
  private static final double PATIENCE = 30_000;

  /** The machine may have much else to do. */
  private static final long PATIENCE_MILLIS = 60_000;

  /** Names what makes a page scroll to the side; an empty text if nothing does. */
  static final String TOO_WIDE =
      """
      () => document.documentElement.scrollWidth <= innerWidth ? '' :
        [...document.querySelectorAll('body *')]
          .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll'))
          .map(e => `${e.tagName}#${e.id}.${e.className.baseVal ?? e.className}`).join(' ')
      """;

  private final Explorer explorer;
  private final Playwright playwright;
  private final Browser browser;
  private final List<String> troubles = new ArrayList<>();

  /** Opens both. */
  ExplorerBrowser(SequencedMap<String, ModelFiles> models) throws IOException {
    this(models, Map.of());
  }

  /** Opens both, beside training runs. */
  ExplorerBrowser(SequencedMap<String, ModelFiles> models, Map<String, Path> runs)
      throws IOException {
    String named = System.getProperty("heed.chromium", "");
    Path chromium = Path.of(named.isEmpty() ? "/usr/bin/chromium" : named);
    assumeTrue(
        !named.isEmpty() || Files.isExecutable(chromium),
        "no browser at " + chromium + ": install Debian's chromium, or name one: -Dheed.chromium");
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
    explorer = Explorer.start(WebSettings.local(0), models, runs);
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

  String address() {
    return explorer.address();
  }

  /**
   * Opens the page.
   *
   * @param state what stands after # in the address; may be empty
   */
  Page open(int width, ColorScheme scheme, String state) {
    Page page = page(width, scheme);
    page.navigate(address() + (state.isEmpty() ? "" : "/#" + state));
    return page;
  }

  /** An empty page, whose errors and foreign requests are noticed. */
  Page page(int width, ColorScheme scheme) {
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
      if (request.url().startsWith("http") && !request.url().startsWith(address())) {
        troubles.add("foreign request: " + request.url());
      }
    });
    return page;
  }

  /** Keeps a picture of the whole page. */
  static void keep(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Path.of("target", "explorer", name + ".png"))
            .setFullPage(true));
  }

  /** Asserts that no page has complained or asked elsewhere, when nothing is worked on any more. */
  void requireNoTrouble() throws InterruptedException {
    long end = System.currentTimeMillis() + PATIENCE_MILLIS;
    while (explorer.running() > 0 && System.currentTimeMillis() < end) {
      Thread.sleep(10);
    }
    assertThat(explorer.running()).isZero();
    explorer.forget();
    assertThat(troubles).isEmpty();
  }

  @Override
  public void close() {
    explorer.close();
    playwright.close();
  }
}
