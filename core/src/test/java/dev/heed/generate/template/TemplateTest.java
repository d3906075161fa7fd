package dev.heed.generate.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.generate.template.TemplateException.Kind;
import java.time.LocalDateTime;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Templates beside what was recorded: errors say where, limits hold, runs do not meet. */
@Tag("unit")
class TemplateTest {
  private static final LocalDateTime NOW = LocalDateTime.of(2024, 2, 29, 23, 5, 1);

  private static String render(String source, String variables) {
    JsonNode json = JsonMapper.shared().readTree(variables);
    return Template.parse(source).render(json, NOW).text();
  }

  @Test
  void values_have_the_precision_and_order_of_their_json() {
    String json = "{\"d\": {\"z\": 12345678901234567890123, \"a\": 0.1, \"m\": [null, true]}}";
    assertThat(render("{{ d | tojson }}", json))
        .isEqualTo("{\"z\": 12345678901234567890123, \"a\": 0.1, \"m\": [null, true]}");
  }

  @Test
  void a_syntax_error_names_its_line() {
    assertThatThrownBy(() -> Template.parse("a\nb\n{% if x %}\n{{ y z }}{% endif %}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("line 4")
        .hasMessageContaining("'z'");
  }

  @Test
  void a_limit_is_one() {
    TemplateLimits few = new TemplateLimits(1000, 100, 1000, 20);
    Template template = Template.parse("{% for a in l %}{{ a }}{% endfor %}", few);
    JsonNode small = JsonMapper.shared().readTree("{\"l\": [1, 2, 3]}");
    assertThat(template.render(small, NOW).text()).isEqualTo("123");
    JsonNode large =
        JsonMapper.shared().valueToTree(java.util.Map.of("l", IntStream.range(0, 200).toArray()));
    assertThatThrownBy(() -> template.render(large, NOW))
        .isInstanceOfSatisfying(
            TemplateException.class, e -> assertThat(e.kind()).isEqualTo(Kind.LIMIT));
  }

  @Test
  void code_points_count_as_one() {
    assertThat(render("{{ s[1] }}{{ s | length }}{{ s[::-1] }}", "{\"s\": \"a😀b\"}"))
        .isEqualTo("😀3b😀a");
  }

  @Test
  void dates_are_those_of_the_run() {
    assertThat(render("{{ strftime_now('%a %-d %b %Y, %-I:%M %p, week %V') }}", "{}"))
        .isEqualTo("Thu 29 Feb 2024, 11:05 PM, week 09");
  }

  @Test
  void one_template_renders_in_many_threads() {
    Template template =
        Template.parse("{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ n }}");
    assertThat(
            IntStream.range(0, 500)
                .parallel()
                .mapToObj(i ->
                    template.render(JsonMapper.shared().readTree("{\"n\": " + i + "}"), NOW).text())
                .toList())
        .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "ab" + i).toList());
  }

  @Test
  void corners_are_those_of_python() {
    assertThat(render("{{ 0 / -3 }} {{ -3 % 3.0 }} {{ 3.0 % -3 }} {{ true | round }}", "{}"))
        .isEqualTo("-0.0 0.0 -0.0 1");
    assertThat(render("{{ 'a  b  c '.split(none, 1) }} {{ ' a b'.rsplit(none, 1) }}", "{}"))
        .isEqualTo("['a', 'b  c '] [' a', 'b']");
    assertThat(render("{{ none | map('upper') | list }} {{ 'Straße'.casefold() }}", "{}"))
        .isEqualTo("[] strasse");
    assertThat(render("{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(1) }}{{ m.name }}", "{}"))
        .isEqualTo("1m");
    for (String wrong : new String[] {"{{ 5 | indent }}", "{{ x | int }}", "{{ 5 | truncate }}"}) {
      assertThatThrownBy(() -> render(wrong, "{}")).isInstanceOf(TemplateException.class);
    }
  }
}
