package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Generator;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters that compare elements. */
final class OrderFilters {
  private OrderFilters() {}

  static Map<String, Filters.Filter> all() {
    return Map.of(
        "sort", OrderFilters::sort,
        "dictsort", OrderFilters::dictSort,
        "unique", OrderFilters::unique,
        "groupby", OrderFilters::groupBy,
        "min", (v, a, e) -> extreme(v, a, e, -1),
        "max", (v, a, e) -> extreme(v, a, e, 1));
  }

  /** What an element is compared by; texts in lower case unless case matters. */
  private static UnaryOperator<Value> key(
      Value attribute, boolean caseSensitive, @Nullable Value otherwise, Environment environment) {
    Path path = new Path(attribute, otherwise);
    return element -> folded(path.of(element, environment), caseSensitive);
  }

  private static Value folded(Value value, boolean caseSensitive) {
    return value instanceof Text text && !caseSensitive
        ? new Text(TextCase.lower(text.value()))
        : value;
  }

  private static Value sort(Value value, Arguments arguments, Environment environment) {
    boolean reverse = arguments.flag("reverse", false);
    boolean caseSensitive = arguments.flag("case_sensitive", false);
    Value attribute = arguments.take("attribute", Value.NONE);
    List<UnaryOperator<Value>> keys = new ArrayList<>();
    if (attribute instanceof Text several) {
      for (String one : several.value().split(",")) {
        keys.add(key(new Text(one), caseSensitive, null, environment));
      }
    } else {
      keys.add(key(attribute, caseSensitive, null, environment));
    }
    return Items.list(
        sorted(
            environment.elements(value),
            element -> Items.tuple(keys.stream().map(key -> key.apply(element)).toList()),
            reverse,
            environment));
  }

  private static List<Value> sorted(
      List<Value> elements, UnaryOperator<Value> key, boolean reverse, Environment environment) {
    /** An element and what it is compared by. */
    record Keyed(Value key, Value element) {}
    environment.budget().make(elements.size());
    List<Keyed> keyed = new ArrayList<>();
    elements.forEach(element -> keyed.add(new Keyed(key.apply(element), element)));
    Comparator<Value> order = environment.comparisons().comparator();
    // as Python, whose reversed order keeps equal elements in theirs
    keyed.sort(Comparator.comparing(Keyed::key, reverse ? order.reversed() : order));
    List<Value> sorted = new ArrayList<>();
    keyed.forEach(one -> sorted.add(one.element()));
    return sorted;
  }

  private static Value dictSort(Value value, Arguments arguments, Environment environment) {
    boolean caseSensitive = arguments.flag("case_sensitive", false);
    String by = arguments.text("by", "key");
    boolean reverse = arguments.flag("reverse", false);
    if (value instanceof Undefined u) {
      throw u.error();
    }
    if (!(value instanceof Dict dict) || !by.equals("key") && !by.equals("value")) {
      throw TemplateException.value("dictsort expects a dictionary, by key or value");
    }
    int part = by.equals("key") ? 0 : 1;
    return Items.list(
        sorted(
            ContainerMethods.pairs(dict),
            pair -> folded(((Items) pair).elements().get(part), caseSensitive),
            reverse,
            environment));
  }

  private static Value unique(Value value, Arguments arguments, Environment environment) {
    boolean caseSensitive = arguments.flag("case_sensitive", false);
    UnaryOperator<Value> key =
        key(arguments.take("attribute", Value.NONE), caseSensitive, null, environment);
    Dict seen = Dict.empty();
    List<Value> kept = new ArrayList<>();
    for (Value element : environment.elements(value)) {
      environment.budget().step();
      if (seen.entries().put(Comparisons.key(key.apply(element)), Value.NONE) == null) {
        kept.add(element);
      }
    }
    environment.budget().make(kept.size());
    return new Generator(kept);
  }

  private static Value groupBy(Value value, Arguments arguments, Environment environment) {
    Value attribute = arguments.required("attribute");
    Value otherwise = arguments.take("default");
    boolean caseSensitive = arguments.flag("case_sensitive", false);
    UnaryOperator<Value> key = key(attribute, caseSensitive, otherwise, environment);
    Path path = new Path(attribute, otherwise);
    List<Value> groups = new ArrayList<>();
    List<Value> group = new ArrayList<>();
    Value last = null;
    for (Value element : sorted(environment.elements(value), key, false, environment)) {
      Value now = key.apply(element);
      if (last == null || !environment.comparisons().equal(last, now)) {
        group = new ArrayList<>();
        groups.add(
            new Items(
                List.of(path.of(element, environment), Items.list(group)),
                Items.Kind.TUPLE,
                List.of("grouper", "list")));
        last = now;
      }
      group.add(element);
    }
    return Items.list(groups);
  }

  private static Value extreme(
      Value value, Arguments arguments, Environment environment, int sign) {
    boolean caseSensitive = arguments.flag("case_sensitive", false);
    Value attribute = arguments.take("attribute", Value.NONE);
    UnaryOperator<Value> key = key(attribute, caseSensitive, null, environment);
    Value best = null;
    for (Value element : environment.elements(value)) {
      if (best == null
          || sign * environment.comparisons().order(key.apply(element), key.apply(best)) > 0) {
        best = element;
      }
    }
    return best == null ? Undefined.of("No aggregated item, sequence was empty.") : best;
  }
}
