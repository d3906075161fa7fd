package dev.heed.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.explain.AttentionMap;
import dev.heed.explain.AttentionMap.Unit;
import dev.heed.explain.AttentionView;
import dev.heed.explain.AttentionView.Option;
import dev.heed.explain.Focus;
import dev.heed.explain.Palette;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class HtmlPageTest {

  /** Two layers of one head: each word attends to the next one, and to the first. */
  private static AttentionMap map(String... words) {
    List<Unit> units = new ArrayList<>();
    float[][] next = new float[words.length][words.length];
    float[][] first = new float[words.length][words.length];
    for (int i = 0; i < words.length; i++) {
      units.add(new Unit(words[i], false, false, i, 10 * i, 10 * i + 5));
      next[i][(i + 1) % words.length] = 1;
      first[i][0] = 1;
    }
    return new AttentionMap(units, new float[][][][] {{next}, {first}});
  }

  private static AttentionView view(String... words) {
    AttentionMap map = map(words);
    return new AttentionView("title", map, Focus.on(map, 1))
        .with(Option.HEAT_MAP, Option.ALL_HEADS, Option.OTHER_WORDS);
  }

  @Test
  void needs_nothing_else_and_escapes_the_text() {
    String page = HtmlPage.write(view("</script><b>", "it", "&amp;"));
    assertThat(page)
        .contains("&lt;/script&gt;&lt;b&gt;", "&amp;amp;", "data:image/png;base64,")
        .doesNotContain("<b>", "src=\"http", "href", "@import", "url(")
        .containsOnlyOnce("</h1>");
    assertThat(page.split("</script>", -1)).as("two scripts end").hasSize(3);
  }

  @Test
  void says_what_its_tables_hold() {
    String page = HtmlPage.write(view("a", "it", "c"));
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("<html lang=\"en\">", "width=device-width", "prefers-color-scheme:dark");
    assertThat(count(page, "<table")).isEqualTo(count(page, "<caption"));
    assertThat(count(page, "<th>")).as("headers without a scope").isZero();
    assertThat(count(page, "<img ")).isEqualTo(count(page, "<img alt="));
  }

  /** The script shows for each word what a view of it shows. */
  @Test
  void carries_what_a_click_on_any_word_shows() {
    AttentionView view = view("a", "it", "c", "d");
    JsonNode data =
        new JsonMapper().readTree(between(HtmlPage.write(view), "id=\"data\">", "</script>"));
    assertThat(data.get("words").size()).isEqualTo(4);
    for (int word = 0; word < 4; word++) {
      AttentionView of = view.of(Focus.on(view.map(), word));
      JsonNode carried = data.get("words").get(word);
      assertThat(carried.get("heading").asString()).isEqualTo(of.heading());
      for (int key = 0; key < 4; key++) {
        assertThat(carried.get("row").get(key).asInt()).isEqualTo(Math.round(1000 * of.row()[key]));
        assertThat(carried.get("mean").get(key).asInt())
            .isEqualTo(Math.round(1000 * view.map().meanRow(word)[key]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 24, 25, 48, 49, 200, 201, 512})
  void is_of_bounded_size(int size) {
    String[] words = new String[size];
    for (int i = 0; i < size; i++) {
      words[i] = "word" + i;
    }
    String page = HtmlPage.write(view(words));
    assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_000_000);
    assertThat(page.contains("class=\"map\"")).as("a table").isEqualTo(size <= 48);
    assertThat(page.contains("<button")).as("words to click on").isEqualTo(size <= 200);
  }

  /** WCAG 2.2, 1.4.3: text on its ground in both colour schemes. */
  @Test
  void has_text_of_enough_contrast() throws Exception {
    String css;
    try (var in = HtmlPage.class.getResourceAsStream("page.css")) {
      css = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher schemes = Pattern.compile(":root\\{([^}]*)}").matcher(css);
    int seen = 0;
    while (schemes.find()) {
      String scheme = schemes.group(1);
      int paper = colour(scheme, "paper");
      for (String text : List.of("ink", "pale", "warn")) {
        assertThat(Palette.contrast(colour(scheme, text), paper)).as(text).isGreaterThan(4.5);
      }
      assertThat(Palette.contrast(colour(scheme, "on-focus"), colour(scheme, "focus")))
          .isGreaterThan(4.5);
      for (String drawn : List.of("bar", "mean", "line")) {
        assertThat(Palette.contrast(colour(scheme, drawn), paper)).as(drawn).isGreaterThan(3);
      }
      seen++;
    }
    assertThat(seen).isEqualTo(2);
  }

  @Test
  void a_template_that_names_what_it_is_not_given_is_an_error() {
    assertThatThrownBy(() -> PageTemplate.of("look").fill(Map.of("heading", "x")))
        .hasMessageContaining("colours");
    assertThatThrownBy(() -> PageTemplate.of("no-such")).hasMessageContaining("no-such.mustache");
  }

  private static int colour(String scheme, String name) {
    Matcher colour = Pattern.compile("--" + name + ":#([0-9a-f]{3,6})[;}]").matcher(scheme + ";");
    assertThat(colour.find()).as(name).isTrue();
    String hex = colour.group(1);
    return Integer.parseInt(hex.length() == 3 ? hex.replaceAll("(.)", "$1$1") : hex, 16);
  }

  private static long count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1L;
  }

  private static String between(String text, String from, String to) {
    int start = text.indexOf(from) + from.length();
    return text.substring(start, text.indexOf(to, start));
  }
}
