package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code "%s" % value}. */
final class PercentFormat {
  private static final Pattern PLACE =
      Pattern.compile(
          "%(?:\\((?<name>[^)]*+)\\))?(?<flags>[-+ #0]*+)(?<width>\\d*+)(?:\\.(?<precision>\\d*+))?"
              + "[hlL]?(?<type>.)?",
          Pattern.DOTALL);

  private final Environment environment;

  PercentFormat(Budget budget) {
    this.environment = new Environment(budget);
  }

  String format(String format, Value given) {
    boolean tuple = given instanceof Items items && items.kind() == Items.Kind.TUPLE;
    List<Value> values = given instanceof Items items && tuple ? items.elements() : List.of(given);
    StringBuilder text = new StringBuilder();
    Matcher place = PLACE.matcher(format);
    int from = 0;
    int next = 0;
    boolean named = false;
    while (place.find(from)) {
      text.append(format, from, place.start());
      from = place.end();
      String type = place.group("type");
      if (type == null) {
        throw TemplateException.value("incomplete format");
      }
      if (type.equals("%")) {
        text.append('%');
        continue;
      }
      Value value;
      String name = place.group("name");
      if (name != null) {
        named = true;
        if (!(given instanceof Dict dict)) {
          throw TemplateException.value("format requires a mapping");
        }
        value = environment.item(dict, new Text(name));
      } else if (next < values.size()) {
        value = values.get(next++);
      } else {
        throw TemplateException.value("not enough arguments for format string");
      }
      String shown = shown(place, type.charAt(0), value);
      environment.budget().make(shown.length());
      text.append(shown);
    }
    boolean ignored =
        named
            || !tuple
                && (given instanceof Dict || given instanceof Items || given instanceof Undefined);
    if (next < values.size() && !ignored) {
      throw TemplateException.value("not all arguments converted during string formatting");
    }
    environment.budget().make(format.length());
    return text.append(format, from, format.length()).toString();
  }

  private String shown(Matcher place, char type, Value given) {
    String flags = place.group("flags");
    boolean text = type == 's' || type == 'r' || type == 'a';
    Value value =
        switch (type) {
          case 's' -> new Text(environment.str(given));
          case 'r', 'a' -> new Text(Printing.repr(given, environment.budget()));
          case 'd', 'i', 'u' -> new Int(number(given, type).integer());
          case 'c' -> given;
          default -> number(given, type);
        };
    boolean left = flags.contains("-");
    boolean zeros = flags.contains("0") && !left && !text;
    boolean character = type == 'c' && value instanceof Text;
    return new FormatSpec(
            zeros ? "0" : " ",
            left ? '<' : zeros ? '=' : '>',
            flags.contains("+") ? '+' : flags.contains(" ") ? ' ' : '-',
            flags.contains("#"),
            BraceFormat.number(place.group("width"), 0),
            "",
            (int) BraceFormat.number(place.group("precision"), -1),
            text || character ? 's' : type == 'i' || type == 'u' ? 'd' : type)
        .format(value, environment);
  }

  private static Value.Number number(Value value, char type) {
    if (!(value instanceof Value.Number number)) {
      throw TemplateException.value(
          "%" + type + " format: a number is required, not " + Types.name(value));
    }
    return number;
  }
}
