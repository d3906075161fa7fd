package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters for HTML and addresses; nothing is escaped unless it is asked for. */
final class MarkupFilters {
  private static final String UNRESERVED = "_.-~";
  private static final Pattern ENTITY =
      Pattern.compile("&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));");
  private static final Pattern ADDRESS =
      Pattern.compile("^([(<]*+)((?:https?://|www\\.)[^\\s]*?)([.,:;!?)>]*+)$");
  private static final int LONGEST_ADDRESS = 2_000;

  private MarkupFilters() {}

  static Map<String, Filters.Filter> all() {
    return Map.of(
        "escape", (v, a, e) -> TextFilters.text(escaped(e.str(v)), e),
        "e", (v, a, e) -> TextFilters.text(escaped(e.str(v)), e),
        "forceescape", (v, a, e) -> TextFilters.text(escaped(e.str(v)), e),
        "safe", (v, a, e) -> TextFilters.text(e.str(v), e),
        "striptags", (v, a, e) -> TextFilters.text(stripped(e.str(v), e), e),
        "urlencode", MarkupFilters::urlEncode,
        "urlize", MarkupFilters::urlize,
        "xmlattr", MarkupFilters::attributes);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static String stripped(String text, Environment environment) {
    String plain = without(without(text, "<!--", "-->"), "<", ">");
    List<String> words = new Splitting(environment.budget(), plain).words(Long.MAX_VALUE);
    Matcher entity = ENTITY.matcher(String.join(" ", words));
    return entity.replaceAll(found -> Matcher.quoteReplacement(character(found.group())));
  }

  private static String character(String entity) {
    Matcher found = ENTITY.matcher(entity);
    if (!found.matches()) {
      return entity;
    }
    String decimal = found.group(1);
    String hex = found.group(2);
    if (decimal != null || hex != null) {
      int code = decimal != null ? Integer.parseInt(decimal) : Integer.parseInt(hex, 16);
      return Character.isValidCodePoint(code) ? Character.toString(code) : "\ufffd";
    }
    return switch (found.group(3)) {
      case "amp" -> "&";
      case "lt" -> "<";
      case "gt" -> ">";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> "\u00a0";
    };
  }

  private static String without(String text, String open, String close) {
    StringBuilder kept = new StringBuilder(text.length());
    int from = 0;
    int at = text.indexOf(open);
    while (at >= 0) {
      int end = text.indexOf(close, at + open.length());
      if (end < 0) {
        break;
      }
      kept.append(text, from, at);
      from = end + close.length();
      at = text.indexOf(open, from);
    }
    return kept.append(text, from, text.length()).toString();
  }

  private static Value urlEncode(Value value, Arguments arguments, Environment environment) {
    if (!(value instanceof Dict) && !(value instanceof Value.Iterable)) {
      return TextFilters.text(quoted(environment.str(value), "/"), environment);
    }
    List<Value> pairs =
        value instanceof Dict dict ? ContainerMethods.pairs(dict) : environment.elements(value);
    StringBuilder query = new StringBuilder();
    for (Value pair : pairs) {
      List<Value> two = environment.elements(pair);
      if (two.size() != 2) {
        throw TemplateException.value("urlencode expects pairs");
      }
      query
          .append(query.isEmpty() ? "" : "&")
          .append(quoted(environment.str(two.get(0)), "").replace("%20", "+"))
          .append('=')
          .append(quoted(environment.str(two.get(1)), "").replace("%20", "+"));
    }
    return TextFilters.text(query.toString(), environment);
  }

  private static String quoted(String text, String safe) {
    StringBuilder quoted = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (plain || (UNRESERVED + safe).indexOf(c) >= 0) {
        quoted.append(c);
      } else {
        quoted.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return quoted.toString();
  }

  private static Value urlize(Value value, Arguments arguments, Environment environment) {
    StringBuilder linked = new StringBuilder();
    String text = escaped(environment.str(value));
    int from = 0;
    for (int i = 1; i <= text.length(); i++) {
      boolean cut =
          i == text.length()
              || Characters.isSpace(text.charAt(i)) != Characters.isSpace(text.charAt(i - 1));
      if (cut) {
        linked.append(linked(text.substring(from, i)));
        from = i;
      }
    }
    return TextFilters.text(linked.toString(), environment);
  }

  private static String linked(String word) {
    Matcher address = ADDRESS.matcher(word);
    if (word.length() > LONGEST_ADDRESS || !address.matches()) {
      return word;
    }
    String target = address.group(2);
    String full = target.startsWith("www.") ? "https://" + target : target;
    return address.group(1)
        + "<a href=\""
        + full
        + "\" rel=\"noopener\">"
        + target
        + "</a>"
        + address.group(3);
  }

  private static Value attributes(Value value, Arguments arguments, Environment environment) {
    boolean space = arguments.flag("autospace", true);
    if (!(value instanceof Dict dict)) {
      throw TemplateException.value("xmlattr expects a mapping, got " + Types.name(value));
    }
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
      if (!(entry.getValue() instanceof None) && !(entry.getValue() instanceof Undefined)) {
        text.append(text.isEmpty() ? "" : " ")
            .append(escaped(environment.str(entry.getKey())))
            .append("=\"")
            .append(escaped(environment.str(entry.getValue())))
            .append('"');
      }
    }
    return new Text((space && !text.isEmpty() ? " " : "") + text);
  }
}
