package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Filters that break, indent and cut texts. */
final class LayoutFilters {
  private static final int PAGE = 80;

  private LayoutFilters() {}

  static Map<String, Filters.Filter> all() {
    return Map.of(
        "center", LayoutFilters::center,
        "indent", LayoutFilters::indent,
        "truncate", LayoutFilters::truncate,
        "wordwrap", LayoutFilters::wordWrap,
        "pprint", (v, a, e) -> new Text(pretty(v, 0, e)));
  }

  private static Value center(Value value, Arguments arguments, Environment environment) {
    long width = arguments.integer("width", PAGE);
    return new Text(TextMethods.justify("center", environment.str(value), width, " ", environment));
  }

  private static Value indent(Value value, Arguments arguments, Environment environment) {
    Value width = arguments.take("width", Int.of(4));
    boolean first = arguments.flag("first", false);
    boolean blank = arguments.flag("blank", false);
    String step =
        width instanceof Text text ? text.value() : environment.arithmetic().repeat(" ", width);
    Budget budget = environment.budget();
    String text = Types.text("the value of indent", value);
    List<String> lines = new Splitting(budget, text + "\n").lines(false);
    StringBuilder made = new StringBuilder(first ? step : "");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean stepped = i > 0 && (blank || !line.isEmpty());
      budget.make(line.length() + 1L + (stepped ? step.length() : 0));
      made.append(i == 0 ? "" : "\n").append(stepped ? step : "").append(line);
    }
    return new Text(made.toString());
  }

  private static Value truncate(Value value, Arguments arguments, Environment environment) {
    long length = arguments.integer("length", 255);
    boolean killWords = arguments.flag("killwords", false);
    String end = arguments.text("end", "...");
    long leeway = arguments.integer("leeway", 5);
    long room = length - end.codePointCount(0, end.length());
    if (room < 0 || leeway < 0) {
      throw TemplateException.value(
          "truncate expects a length of at least its end's, and a leeway from 0");
    }
    if (Types.length(value) <= length + leeway) {
      return value;
    }
    String text = Types.text("the value of truncate", value);
    String kept = text.substring(0, text.offsetByCodePoints(0, (int) room));
    int space = kept.lastIndexOf(' ');
    if (!killWords && space >= 0) {
      kept = kept.substring(0, space);
    }
    return TextFilters.text(kept + end, environment);
  }

  private static Value wordWrap(Value value, Arguments arguments, Environment environment) {
    long width = arguments.integer("width", 79);
    boolean breakWords = arguments.flag("break_long_words", true);
    Value between = arguments.take("wrapstring", Value.NONE);
    boolean hyphens = arguments.flag("break_on_hyphens", true);
    String newline = between instanceof None ? "\n" : Types.text("wrapstring", between);
    String given = Types.text("the value of wordwrap", value);
    if (width < 1) {
      throw TemplateException.value("invalid width " + width + " (must be > 0)");
    }
    Wrapping wrapping = new Wrapping((int) Math.min(width, Integer.MAX_VALUE), breakWords, hyphens);
    List<String> all = new ArrayList<>();
    for (String line : new Splitting(environment.budget(), given).lines(false)) {
      List<String> wrapped = wrapping.wrap(line);
      all.addAll(wrapped.isEmpty() ? List.of("") : wrapped);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < all.size(); i++) {
      environment.budget().make((long) all.get(i).length() + newline.length());
      text.append(i == 0 ? "" : newline).append(all.get(i));
    }
    return new Text(text.toString());
  }

  /** Python's {@code pprint}: keys sorted, an element a line where a line is too short. */
  private static String pretty(Value value, int indent, Environment environment) {
    environment.budget().step();
    Value ordered = value instanceof Dict dict ? sorted(dict, environment) : value;
    String line = Printing.repr(ordered, environment.budget());
    boolean fits = line.length() <= PAGE - indent;
    if (fits && !nested(value)) {
      return line;
    }
    return switch (ordered) {
      case Dict dict -> {
        List<String> parts = new ArrayList<>();
        dict.entries()
            .forEach((key, one) -> {
              String name = Printing.repr(key, environment.budget()) + ": ";
              parts.add(name + pretty(one, indent + 1 + name.length(), environment));
            });
        yield joined("{", parts, "}", indent, fits, environment);
      }
      case Items items when items.indexed() -> {
        List<String> parts =
            items.elements().stream().map(one -> pretty(one, indent + 1, environment)).toList();
        boolean list = items.kind() == Items.Kind.LIST;
        String end = list ? "]" : parts.size() == 1 ? ",)" : ")";
        yield joined(list ? "[" : "(", parts, end, indent, fits, environment);
      }
      default -> line;
    };
  }

  private static boolean nested(Value value) {
    return value instanceof Dict || value instanceof Items;
  }

  private static String joined(
      String open,
      List<String> parts,
      String close,
      int indent,
      boolean fits,
      Environment environment) {
    String between = fits ? ", " : ",\n" + " ".repeat(indent + 1);
    String text = open + String.join(between, parts) + close;
    environment.budget().make(text.length());
    return text;
  }

  private static Dict sorted(Dict dict, Environment environment) {
    TreeMap<Value, Value> entries = new TreeMap<>(environment.comparisons().comparator());
    entries.putAll(dict.entries());
    Dict ordered = Dict.empty();
    ordered.entries().putAll(entries);
    return ordered;
  }
}
