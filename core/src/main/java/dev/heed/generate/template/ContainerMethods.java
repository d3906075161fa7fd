package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The methods of lists, tuples and dictionaries; those that would change them are unsafe. */
final class ContainerMethods {
  private static final Set<String> CHANGING_LISTS =
      Set.of("append", "extend", "insert", "pop", "clear", "remove", "reverse", "sort");
  private static final Set<String> CHANGING_DICTS =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private final Environment environment;

  ContainerMethods(Environment environment) {
    this.environment = environment;
  }

  @Nullable Value find(Items items, String name) {
    if (!items.indexed()) {
      return null;
    }
    if (items.kind() == Items.Kind.LIST && CHANGING_LISTS.contains(name)) {
      return Undefined.unsafe(name, items);
    }
    return switch (name) {
      case "index" -> method(name, arguments -> index(items, arguments));
      case "count" ->
          method(
              name,
              arguments -> {
                Value value = arguments.required("value");
                return Int.of(
                    items.elements().stream()
                        .filter(element -> environment.comparisons().equal(element, value))
                        .count());
              });
      case "copy" ->
          items.kind() == Items.Kind.LIST
              ? method(name, arguments -> Items.list(new ArrayList<>(items.elements())))
              : null;
      default -> null;
    };
  }

  private Value index(Items items, Arguments arguments) {
    Value value = arguments.required("value");
    int size = items.elements().size();
    long start = arguments.integer("start", 0);
    long stop = arguments.integer("stop", size);
    long from = Math.max(0, start < 0 ? start + size : start);
    long to = Math.min(size, stop < 0 ? stop + size : stop);
    for (long i = from; i < to; i++) {
      if (environment.comparisons().equal(items.elements().get((int) i), value)) {
        return Int.of(i);
      }
    }
    throw TemplateException.value("the value is not in the list");
  }

  @Nullable Value find(Dict dict, String name) {
    if (CHANGING_DICTS.contains(name)) {
      return Undefined.unsafe(name, dict);
    }
    Map<Value, Value> entries = dict.entries();
    return switch (name) {
      case "get" ->
          method(
              name,
              arguments -> {
                Value key = Comparisons.key(arguments.required("key"));
                Value otherwise = arguments.take("default", Value.NONE);
                Value value = entries.get(key);
                return value == null ? otherwise : value;
              });
      case "keys" -> method(name, a -> view(List.copyOf(entries.keySet()), Items.Kind.DICT_KEYS));
      case "values" ->
          method(name, a -> view(List.copyOf(entries.values()), Items.Kind.DICT_VALUES));
      case "items" -> method(name, a -> view(pairs(dict), Items.Kind.DICT_ITEMS));
      case "copy" -> method(name, a -> new Dict(new LinkedHashMap<>(entries)));
      default -> null;
    };
  }

  /** The entries as tuples. */
  static List<Value> pairs(Dict dict) {
    List<Value> pairs = new ArrayList<>();
    dict.entries().forEach((key, value) -> pairs.add(Items.tuple(key, value)));
    return pairs;
  }

  private Items view(List<Value> elements, Items.Kind kind) {
    environment.budget().make(elements.size());
    return new Items(elements, kind, List.of());
  }

  private static Native method(String name, Function<Arguments, Value> body) {
    return new Native(name, body);
  }
}
