package dev.heed.generate.template;

import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as Python's {@code json.dumps} prints them. */
final class JsonPrinting {
  private final Budget budget;
  private final boolean ascii;
  private final boolean sorted;
  private final @Nullable String indent;
  private final String comma;
  private final String colon;
  private final StringBuilder text = new StringBuilder();

  private JsonPrinting(
      Budget budget,
      boolean ascii,
      boolean sorted,
      @Nullable String indent,
      String comma,
      String colon) {
    this.budget = budget;
    this.ascii = ascii;
    this.sorted = sorted;
    this.indent = indent;
    this.comma = comma;
    this.colon = colon;
  }

  /** The filter {@code tojson} of chat templates. */
  static Text filter(Value value, Arguments arguments, Budget budget) {
    boolean ascii = arguments.flag("ensure_ascii", false);
    Value indent = arguments.take("indent", Value.NONE);
    Value separators = arguments.take("separators", Value.NONE);
    boolean sorted = arguments.flag("sort_keys", false);
    arguments.done();
    String step = indent(indent, budget);
    String comma = step == null ? ", " : ",";
    String colon = ": ";
    if (separators instanceof Items pair && pair.elements().size() == 2) {
      comma = Types.text("separators", pair.elements().get(0));
      colon = Types.text("separators", pair.elements().get(1));
    } else if (separators != Value.NONE) {
      throw TemplateException.value("separators must be a pair, not " + Types.name(separators));
    }
    JsonPrinting printing = new JsonPrinting(budget, ascii, sorted, step, comma, colon);
    printing.print(value, 0);
    return new Text(printing.text.toString());
  }

  private static @Nullable String indent(Value indent, Budget budget) {
    return switch (indent) {
      case None n -> null;
      case Text t -> t.value();
      default -> new Arithmetic(budget).repeat(" ", indent);
    };
  }

  private void print(Value value, int depth) {
    switch (value) {
      case None n -> add("null");
      case Bool b -> add(b.value() ? "true" : "false");
      case Int i -> add(i.integer().toString());
      case Real r -> add(real(r.real()));
      case Text t -> quoted(t.value());
      case Items i when i.indexed() -> list(i.elements(), depth);
      case Dict d -> dict(d, depth);
      case Undefined u ->
          throw TemplateException.value("Object of type Undefined is not JSON serializable");
      default ->
          throw TemplateException.value(
              "Object of type " + Types.name(value) + " is not JSON serializable");
    }
  }

  private static String real(double value) {
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : Printing.real(value);
  }

  private void add(String piece) {
    budget.make(piece.length());
    text.append(piece);
  }

  private void line(int depth) {
    if (indent != null) {
      budget.make(Math.max(1, indent.length()), depth);
      add("\n" + indent.repeat(depth));
    }
  }

  private void list(List<Value> elements, int depth) {
    add("[");
    for (int i = 0; i < elements.size(); i++) {
      add(i == 0 ? "" : comma);
      line(depth + 1);
      print(elements.get(i), depth + 1);
    }
    if (!elements.isEmpty()) {
      line(depth);
    }
    add("]");
  }

  private void dict(Dict dict, int depth) {
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
    if (sorted) {
      entries.sort((a, b) -> new Comparisons(budget).order(a.getKey(), b.getKey()));
    }
    add("{");
    for (int i = 0; i < entries.size(); i++) {
      add(i == 0 ? "" : comma);
      line(depth + 1);
      quoted(key(entries.get(i).getKey()));
      add(colon);
      print(entries.get(i).getValue(), depth + 1);
    }
    if (!entries.isEmpty()) {
      line(depth);
    }
    add("}");
  }

  private static String key(Value key) {
    return switch (key) {
      case Text t -> t.value();
      case None n -> "null";
      case Bool b -> b.value() ? "true" : "false";
      case Int i -> i.integer().toString();
      case Real r -> real(r.real());
      default ->
          throw TemplateException.value(
              "keys must be str, int, float, bool or None, not " + Types.name(key));
    };
  }

  private void quoted(String value) {
    StringBuilder quoted = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          if (c < ' ' || ascii && c > '~') {
            quoted.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    add(quoted.append('"').toString());
  }
}
