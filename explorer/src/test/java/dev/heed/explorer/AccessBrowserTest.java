package dev.heed.explorer;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.heed.model.ModelFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every view can be read and used by everybody: WCAG 2.2, level AA. */
@Tag("browser")
class AccessBrowserTest extends BrowserTests {
  /** What each view is opened with, and what must be there before it is looked at. */
  private static final Map<String, String> VIEWS =
      Map.ofEntries(
          Map.entry("view=sentence", "#bars tbody tr"),
          Map.entry("view=heads", "#map rect.cell"),
          Map.entry("view=steps", "#step-table tbody tr"),
          Map.entry(
              "view=edit&off=3.1&out=2&other=The+animal+didn%27t+cross+the+street+because+it+was+too+wide.",
              "#edit-positions td"),
          Map.entry("view=meaning", "#meaning-plane g"),
          Map.entry("view=long&al=3&ah=1&pick=10", "#long-keys button"),
          Map.entry("view=evidence", ".cards article"),
          Map.entry("view=mechanisms", "#mechanism-maps canvas"),
          Map.entry("view=training&model=reader&text=the+cat+sat", "#training-loss path.curve"),
          Map.entry("view=writing&model=writer&text=the+cat+sat", "#writing-heads button"),
          Map.entry(
              "view=alignment&model=translator&text=the+cat+sat&target=a+dog",
              "#alignment-table td"),
          Map.entry("view=image&model=seer", "#image-example"));

  /** Texts whose contrast with what is behind them is too small: 4.5 to 1, or 3 to 1 if large. */
  private static final String FAINT =
      """
      () => {
        const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        const over = (layers) => {
          probe.globalAlpha = 1;
          for (const {css, alpha} of layers) {
            probe.globalAlpha = alpha;
            probe.fillStyle = css;
            probe.fillRect(0, 0, 1, 1);
          }
          return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = rgb => {
          const [r, g, b] = rgb.map(v => v / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const root = getComputedStyle(document.body).backgroundColor;
        const found = new Set();
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const node = walker.currentNode;
          const element = node.parentElement;
          if (!node.textContent.trim() || !element.checkVisibility({visibilityProperty: true}) || element.closest('.unseen, script, option')) continue;
          const parents = [];
          for (let e = element; e; e = e.parentElement) parents.unshift(e);
          const style = getComputedStyle(element);
          const back = [{css: root, alpha: 1}, ...parents.map(e => ({css: getComputedStyle(e).backgroundColor, alpha: 1}))];
          const disc = element.previousElementSibling;
          if (disc?.tagName === 'circle') back.push({css: getComputedStyle(disc).fill, alpha: 1});
          const opacity = parents.reduce((all, e) => all * Number(getComputedStyle(e).opacity), 1);
          const ink = element instanceof SVGElement ? style.fill : style.color;
          const behind = over(back);
          const text = over([...back, {css: ink, alpha: opacity}]);
          const [a, b] = [light(text), light(behind)].sort((x, y) => y - x);
          const ratio = (a + 0.05) / (b + 0.05);
          const size = parseFloat(style.fontSize);
          const large = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
          if (ratio < (large ? 3 : 4.5)) {
            found.add(`${ratio.toFixed(2)}: ${element.tagName}#${element.id}.${element.className.baseVal ?? element.className} in ${element.closest('[id]')?.id}: ${node.textContent.trim().slice(0, 24)}`);
          }
        }
        return [...found];
      }
      """;

  /** Controls without a name. */
  private static final String NAMELESS =
      """
      () => [...document.querySelectorAll('button, input, select, textarea, canvas[tabindex], [role=img], [role=group], summary')]
        .filter(e => e.checkVisibility({visibilityProperty: true}))
        .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() && e.tagName !== 'SELECT' || e.labels?.length
          || (e.getAttribute('aria-labelledby') ?? '').split(' ').some(id => document.getElementById(id)?.textContent.trim())))
        .map(e => `${e.tagName}#${e.id}.${e.className.baseVal ?? e.className}`)
      """;

  /** What still moves although nothing shall. */
  private static final String MOVING =
      """
      () => [...document.querySelectorAll('body *')]
        .filter(e => getComputedStyle(e).transitionDuration.split(', ').some(time => parseFloat(time) > 0)
          || getComputedStyle(e).animationName !== 'none')
        .map(e => `${e.tagName}#${e.id}.${e.className.baseVal ?? e.className}`)
      """;

  /** Whether what has the focus is outlined. */
  private static final String OUTLINED =
      """
      () => {
        const e = document.activeElement;
        return e === document.body ? '' : getComputedStyle(e).outlineStyle === 'none' ? `${e.tagName}#${e.id}` : '';
      }
      """;

  @Override
  ExplorerBrowser opened(Path folder) throws Exception {
    LearnedRun learned = LearnedRun.in(folder);
    SequencedMap<String, ModelFiles> models = TinyModels.all(folder);
    models.put("reader", learned.reader());
    ExplorerBrowser browser = new ExplorerBrowser(models, Map.of("learned", learned.folder()));
    ApiClient api = new ApiClient(browser.address());
    TinyModels.wake(api);
    api.post(
        "/api/run-map",
        ApiClient.object()
            .put("run", "learned")
            .put("update", 4)
            .put("model", "reader")
            .put("text", "the cat sat")
            .put("layer", 0)
            .put("head", 0));
    return browser;
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void every_text_can_be_read_and_every_control_has_a_name(ColorScheme scheme) {
    try (Page page = browser().page(1100, scheme)) {
      page.emulateMedia(
          new Page.EmulateMediaOptions()
              .setColorScheme(scheme)
              .setReducedMotion(ReducedMotion.REDUCE));
      VIEWS.forEach((state, shown) -> {
        page.navigate("about:blank");
        page.navigate(browser().address() + "/#" + state);
        assertThat(page.locator(shown).first()).isVisible();
        if (state.contains("image")) {
          page.locator(shown).click();
          assertThat(page.locator("#image-strongest li").first()).isVisible();
        }
        assertThat((List<?>) page.evaluate(FAINT)).as(state + " contrast").isEmpty();
        assertThat((List<?>) page.evaluate(NAMELESS)).as(state + " names").isEmpty();
        assertThat((List<?>) page.evaluate(MOVING)).as(state + " motion").isEmpty();
      });
    }
  }

  @Test
  void what_the_keyboard_reaches_is_outlined() {
    try (Page page = browser().open(1100, ColorScheme.LIGHT, "view=sentence")) {
      assertThat(page.locator("#bars tbody tr").first()).isVisible();
      for (int i = 0; i < 40; i++) {
        page.keyboard().press("Tab");
        assertThat(page.evaluate(OUTLINED)).isEqualTo("");
      }
    }
  }
}
