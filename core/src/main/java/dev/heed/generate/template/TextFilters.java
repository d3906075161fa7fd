package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters of texts, and of any value that has a text. */
final class TextFilters {
  private static final Pattern WORD = Pattern.compile("\\w++", Pattern.UNICODE_CHARACTER_CLASS);

  /** What words stand between for the filter {@code title}. */
  private static final Pattern BETWEEN =
      Pattern.compile("[-\\s({\\[<]++", Pattern.UNICODE_CHARACTER_CLASS);

  private TextFilters() {}

  static Map<String, Filters.Filter> all() {
    return Map.ofEntries(
        Map.entry("string", (v, a, e) -> text(e.str(v), e)),
        Map.entry("upper", plain(TextCase::upper)),
        Map.entry("lower", plain(TextCase::lower)),
        Map.entry("capitalize", plain(TextCase::capitalize)),
        Map.entry("title", plain(TextFilters::title)),
        Map.entry("trim", TextFilters::trim),
        Map.entry("replace", TextFilters::replace),
        Map.entry("wordcount", (v, a, e) -> Int.of(WORD.matcher(e.str(v)).results().count())),
        Map.entry("format", TextFilters::format),
        Map.entry("default", TextFilters::otherwise),
        Map.entry("d", TextFilters::otherwise),
        Map.entry("attr", (v, a, e) -> e.attributeOnly(v, e.str(a.required("name")))),
        Map.entry("tojson", (v, a, e) -> JsonPrinting.filter(v, a, e.budget())));
  }

  static Text text(String value, Environment environment) {
    environment.budget().make(value.length());
    return new Text(value);
  }

  private static Filters.Filter plain(Function<String, String> change) {
    return (value, arguments, environment) ->
        text(change.apply(environment.str(value)), environment);
  }

  private static String title(String text) {
    StringBuilder titled = new StringBuilder(text.length());
    Matcher between = BETWEEN.matcher(text);
    int from = 0;
    while (between.find()) {
      titled.append(word(text.substring(from, between.start()))).append(between.group());
      from = between.end();
    }
    return titled.append(word(text.substring(from))).toString();
  }

  private static String word(String word) {
    if (word.isEmpty()) {
      return word;
    }
    int first = word.offsetByCodePoints(0, 1);
    return TextCase.upper(word.substring(0, first)) + TextCase.lower(word.substring(first));
  }

  private static Value trim(Value value, Arguments arguments, Environment environment) {
    Value characters = arguments.take("chars", Value.NONE);
    return text(
        Stripping.strip(
            environment.str(value),
            characters instanceof None ? null : Types.text("chars", characters),
            true,
            true),
        environment);
  }

  private static Value replace(Value value, Arguments arguments, Environment environment) {
    String old = environment.str(arguments.required("old"));
    String fresh = environment.str(arguments.required("new"));
    Value count = arguments.take("count", Value.NONE);
    return new Text(
        TextMethods.replace(
            environment.str(value),
            old,
            fresh,
            count instanceof None ? -1 : Types.integer("count", count),
            environment.budget()));
  }

  private static Value format(Value value, Arguments arguments, Environment environment) {
    List<Value> positional = arguments.rest();
    Map<String, Value> named = arguments.restNamed();
    if (!positional.isEmpty() && !named.isEmpty()) {
      throw TemplateException.value("format takes values by place or by name, not both");
    }
    Value given = Items.tuple(positional);
    if (!named.isEmpty()) {
      Dict dict = Dict.empty();
      named.forEach((name, one) -> dict.entries().put(new Text(name), one));
      given = dict;
    }
    return new Text(new PercentFormat(environment.budget()).format(environment.str(value), given));
  }

  private static Value otherwise(Value value, Arguments arguments, Environment environment) {
    Value otherwise = arguments.take("default_value", Text.EMPTY);
    boolean falsy = arguments.flag("boolean", false);
    return value instanceof Undefined || falsy && !Types.truth(value) ? otherwise : value;
  }
}
