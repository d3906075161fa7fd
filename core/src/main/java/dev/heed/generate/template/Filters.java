package dev.heed.generate.template;

import java.util.HashMap;
import java.util.Map;

/** Every filter by its name. */
final class Filters {
  /** A filter. */
  @FunctionalInterface
  interface Filter {
    Value apply(Value value, Arguments arguments, Environment environment);
  }

  private static final Map<String, Filter> ALL = new HashMap<>();

  static {
    ALL.putAll(TextFilters.all());
    ALL.putAll(LayoutFilters.all());
    ALL.putAll(MarkupFilters.all());
    ALL.putAll(NumberFilters.all());
    ALL.putAll(SequenceFilters.all());
    ALL.putAll(SelectingFilters.all());
    ALL.putAll(OrderFilters.all());
  }

  private Filters() {}

  static boolean has(String name) {
    return ALL.containsKey(name);
  }

  static void require(String name, int line) {
    if (!has(name)) {
      throw TemplateException.syntax(line, "no filter named '" + name + "'");
    }
  }

  static Value apply(String name, Value value, Arguments arguments, Environment environment) {
    Filter filter = ALL.get(name);
    if (filter == null) {
      throw TemplateException.value("no filter named '" + name + "'");
    }
    Value result = filter.apply(value, arguments, environment);
    arguments.done();
    return result;
  }
}
