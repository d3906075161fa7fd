package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code "{}".format(value)}; unsafe attributes are refused. */
final class BraceFormat {
  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<alternate>#)?(?<zero>0)?"
              + "(?<width>\\d*+)(?<grouping>[,_])?(?:\\.(?<precision>\\d++))?(?<type>[a-zA-Z%])?",
          Pattern.DOTALL);
  private static final int MOST_DIGITS = 12;

  private final Environment environment;
  private final List<Value> positional;
  private final Map<String, Value> named;
  private int next;

  BraceFormat(Environment environment, List<Value> positional, Map<String, Value> named) {
    this.environment = environment;
    this.positional = positional;
    this.named = named;
  }

  static BraceFormat ofMap(Environment environment, Dict dict) {
    Map<String, Value> named = new TreeMap<>();
    dict.entries().forEach((key, value) -> named.put(environment.str(key), value));
    return new BraceFormat(environment, List.of(), named);
  }

  String format(String format) {
    return format(format, 2);
  }

  private String format(String format, int levels) {
    if (levels == 0) {
      throw TemplateException.value("max string recursion exceeded");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      boolean twice = i + 1 < format.length() && format.charAt(i + 1) == c;
      if (c != '{' && c != '}') {
        text.append(c);
      } else if (twice) {
        text.append(c);
        i++;
      } else if (c == '}') {
        throw TemplateException.value("single '}' encountered in format string");
      } else {
        int end = end(format, i + 1);
        text.append(field(format.substring(i + 1, end), levels));
        i = end;
      }
    }
    environment.budget().make(text.length());
    return text.toString();
  }

  private static int end(String format, int from) {
    int open = 1;
    for (int i = from; i < format.length(); i++) {
      open += format.charAt(i) == '{' ? 1 : format.charAt(i) == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw TemplateException.value("expected '}' before end of string");
  }

  private String field(String field, int levels) {
    int colon = field.indexOf(':');
    String spec = colon < 0 ? "" : format(field.substring(colon + 1), levels - 1);
    String name = colon < 0 ? field : field.substring(0, colon);
    int bang = name.indexOf('!');
    String conversion = bang < 0 ? "" : name.substring(bang + 1);
    Value value = value(bang < 0 ? name : name.substring(0, bang));
    Value converted =
        switch (conversion) {
          case "" -> value;
          case "s" -> new Text(environment.str(value));
          case "r", "a" -> new Text(Printing.repr(value, environment.budget()));
          default -> throw TemplateException.value("unknown conversion " + conversion);
        };
    return spec.isEmpty() ? environment.str(converted) : spec(spec).format(converted, environment);
  }

  private Value value(String path) {
    Matcher first = Pattern.compile("^[^.\\[]*").matcher(path);
    String name = first.find() ? first.group() : "";
    Value value = first(name);
    Matcher part = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]").matcher(path);
    int at = name.length();
    while (at < path.length()) {
      if (!part.find(at) || part.start() != at) {
        throw TemplateException.value("malformed replacement field");
      }
      at = part.end();
      String attribute = part.group(1);
      String key = part.group(2);
      value =
          attribute != null
              ? environment.attribute(value, attribute)
              : environment.item(
                  value, key.matches("\\d{1,9}") ? Int.of(Long.parseLong(key)) : new Text(key));
      if (value instanceof Undefined u && u.kind() == TemplateException.Kind.SECURITY) {
        throw u.error();
      }
    }
    return value;
  }

  private Value first(String name) {
    if (name.isEmpty() || name.matches("\\d{1,9}")) {
      int index = name.isEmpty() ? next++ : Integer.parseInt(name);
      if (index >= positional.size()) {
        throw TemplateException.value("replacement index " + index + " out of range");
      }
      return positional.get(index);
    }
    Value value = named.get(name);
    if (value == null) {
      throw TemplateException.value("no argument '" + name + "' for the format");
    }
    return value;
  }

  private static FormatSpec spec(String spec) {
    Matcher matcher = SPEC.matcher(spec);
    if (!matcher.matches()) {
      throw TemplateException.value("invalid format specifier");
    }
    boolean zero = matcher.group("zero") != null;
    String fill = matcher.group("fill");
    String align = matcher.group("align");
    String sign = matcher.group("sign");
    String type = matcher.group("type");
    String grouping = matcher.group("grouping");
    return new FormatSpec(
        fill != null ? fill : zero ? "0" : " ",
        align != null ? align.charAt(0) : zero ? '=' : 0,
        sign != null ? sign.charAt(0) : '-',
        matcher.group("alternate") != null,
        number(matcher.group("width"), 0),
        grouping == null ? "" : grouping,
        (int) number(matcher.group("precision"), -1),
        type == null ? 0 : type.charAt(0));
  }

  /** Digits of a width or precision. */
  static long number(@Nullable String digits, long otherwise) {
    if (digits == null || digits.isEmpty()) {
      return otherwise;
    }
    if (digits.length() > MOST_DIGITS) {
      throw TemplateException.limit("digits in a width", MOST_DIGITS);
    }
    return Math.min(Integer.MAX_VALUE, Long.parseLong(digits));
  }
}
