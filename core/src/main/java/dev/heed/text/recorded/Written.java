package dev.heed.text.recorded;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One spelling for recorded values and our own, so that they can be compared and shown. */
final class Written {
  private Written() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case JsonNode node -> of(node);
      case long[] numbers -> Arrays.toString(numbers);
      case int[] numbers -> Arrays.toString(numbers);
      case Collection<?> list -> {
        StringJoiner joined = new StringJoiner(", ", "[", "]");
        list.forEach(element -> joined.add(of(element)));
        yield joined.toString();
      }
      case Map<?, ?> map -> {
        StringJoiner joined = new StringJoiner(", ", "{", "}");
        new TreeMap<>(map).forEach((key, element) -> joined.add(key + ": " + of(element)));
        yield joined.toString();
      }
      case String text -> quoted(text);
      default -> value.toString();
    };
  }

  private static String of(JsonNode node) {
    if (node.isNull()) {
      return "null";
    }
    if (node.isArray()) {
      StringJoiner joined = new StringJoiner(", ", "[", "]");
      node.forEach(element -> joined.add(of(element)));
      return joined.toString();
    }
    if (node.isObject()) {
      TreeMap<String, Object> map = new TreeMap<>();
      node.properties().forEach(e -> map.put(e.getKey(), e.getValue()));
      return of((Object) map);
    }
    return node.isString() ? quoted(node.stringValue()) : node.toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c >= ' ' && c < 0x7f) {
        quoted.append(c);
      } else {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return quoted.append('"').toString();
  }
}
