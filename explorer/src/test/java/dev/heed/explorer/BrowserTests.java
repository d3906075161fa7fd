package dev.heed.explorer;

import com.microsoft.playwright.Page;
import dev.heed.model.ModelFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that look at one explorer in one Chromium; after each of them nothing may have gone wrong.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrowserTests {
  private @Nullable ExplorerBrowser browser;

  /**
   * Opens both.
   *
   * @param folder for what they read
   */
  abstract ExplorerBrowser opened(Path folder) throws Exception;

  /** An explorer of the encoder that comes with the build. */
  static ExplorerBrowser miniLm(String name) throws IOException {
    return new ExplorerBrowser(new LinkedHashMap<>(Map.of(name, ModelFiles.embedded())));
  }

  /** An explorer of tiny models of every kind, each of them opened. */
  static ExplorerBrowser tinyModels(Path folder) throws Exception {
    ExplorerBrowser browser = new ExplorerBrowser(TinyModels.all(folder));
    TinyModels.wake(new ApiClient(browser.address()));
    return browser;
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    browser = opened(folder);
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  ExplorerBrowser browser() {
    return Objects.requireNonNull(browser);
  }

  @AfterEach
  void nothing_went_wrong() throws InterruptedException {
    browser().requireNoTrouble();
  }

  static Page.LocatorOptions containing(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }
}
