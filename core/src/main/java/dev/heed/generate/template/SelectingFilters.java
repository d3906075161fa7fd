package dev.heed.generate.template;

import dev.heed.generate.template.Value.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Filters that go through elements with a test or another filter. */
final class SelectingFilters {
  private SelectingFilters() {}

  static Map<String, Filters.Filter> all() {
    return Map.of(
        "map", SelectingFilters::map,
        "select", (v, a, e) -> selected(v, a, e, true, false),
        "reject", (v, a, e) -> selected(v, a, e, false, false),
        "selectattr", (v, a, e) -> selected(v, a, e, true, true),
        "rejectattr", (v, a, e) -> selected(v, a, e, false, true));
  }

  private static Value map(Value value, Arguments arguments, Environment environment) {
    List<Value> mapped = new ArrayList<>();
    List<Value> positional = arguments.rest();
    Map<String, Value> named = arguments.restNamed();
    if (!Types.truth(value)) {
      return new Generator(mapped);
    }
    List<Value> elements = environment.elements(value);
    environment.budget().make(elements.size());
    if (positional.isEmpty() && named.containsKey("attribute")) {
      Path path = new Path(named.getOrDefault("attribute", Value.NONE), named.get("default"));
      elements.forEach(element -> mapped.add(path.of(element, environment)));
      return new Generator(mapped);
    }
    if (positional.isEmpty()) {
      throw TemplateException.value("map requires a filter argument");
    }
    String filter = Types.text("a filter's name", positional.getFirst());
    List<Value> rest = positional.subList(1, positional.size());
    for (Value element : elements) {
      environment.budget().step();
      mapped.add(Filters.apply(filter, element, new Arguments(filter, rest, named), environment));
    }
    return new Generator(mapped);
  }

  private static Value selected(
      Value value,
      Arguments arguments,
      Environment environment,
      boolean wanted,
      boolean attribute) {
    Path path = new Path(attribute ? arguments.required("attribute") : Value.NONE);
    Predicate<Value> test = test(arguments.rest(), arguments.restNamed(), environment);
    List<Value> kept = new ArrayList<>();
    if (!Types.truth(value)) {
      return new Generator(kept);
    }
    for (Value element : environment.elements(value)) {
      environment.budget().step();
      if (test.test(path.of(element, environment)) == wanted) {
        kept.add(element);
      }
    }
    environment.budget().make(kept.size());
    return new Generator(kept);
  }

  private static Predicate<Value> test(
      List<Value> given, Map<String, Value> named, Environment environment) {
    if (given.isEmpty()) {
      return Types::truth;
    }
    String name = Types.text("a test's name", given.getFirst());
    List<Value> rest = given.subList(1, given.size());
    return value -> Tests.holds(name, value, new Arguments(name, rest, named), environment);
  }
}
