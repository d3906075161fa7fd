package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Namespace;
import dev.heed.generate.template.Value.Range;
import dev.heed.generate.template.Value.Text;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template has. */
final class Globals {
  /** As Jinja's sandbox. */
  private static final long LONGEST_RANGE = 100_000;

  private Globals() {}

  static Scope scope(Environment environment, LocalDateTime now) {
    Scope scope = new Scope(null);
    define(scope, new Native("range", Globals::range));
    define(scope, new Native("dict", arguments -> dict(environment, arguments)));
    define(
        scope,
        new Native(
            "namespace",
            arguments -> {
              Map<String, Value> values = new LinkedHashMap<>();
              dict(environment, arguments)
                  .entries()
                  .forEach((key, value) -> values.put(environment.str(key), value));
              return new Namespace(values);
            }));
    define(scope, new Native("cycler", arguments -> new Cycler(arguments.rest())));
    define(scope, new Native("joiner", Globals::joiner));
    define(
        scope,
        new Native(
            "lipsum",
            arguments -> {
              throw new TemplateException(
                  TemplateException.Kind.SECURITY, "lipsum() is random, and not offered");
            }));
    define(
        scope,
        new Native(
            "raise_exception",
            arguments -> {
              throw new TemplateException(
                  TemplateException.Kind.RAISED, environment.str(arguments.required("message")));
            }));
    define(
        scope,
        new Native(
            "strftime_now",
            arguments ->
                new Text(
                    DateFormat.format(Types.text("format", arguments.required("format")), now))));
    return scope;
  }

  private static void define(Scope scope, Native function) {
    scope.set(function.name(), function);
  }

  private static Value range(Arguments arguments) {
    long first = Types.integer("range", arguments.required("start"));
    Value second = arguments.take("stop", Value.NONE);
    long step = arguments.integer("step", 1);
    if (step == 0) {
      throw TemplateException.value("range() arg 3 must not be zero");
    }
    Range range =
        second == Value.NONE
            ? new Range(0, first, 1)
            : new Range(first, Types.integer("range", second), step);
    boolean huge = Math.abs(range.start() / 2 - range.stop() / 2) > Long.MAX_VALUE / 4;
    if (huge || range.size() > LONGEST_RANGE) {
      throw TemplateException.limit("numbers in a range", LONGEST_RANGE);
    }
    return range;
  }

  private static Dict dict(Environment environment, Arguments arguments) {
    Dict dict = Dict.empty();
    Value from = arguments.has("") ? arguments.take("", Value.NONE) : Value.NONE;
    if (from instanceof Dict other) {
      dict.entries().putAll(other.entries());
    } else if (from != Value.NONE) {
      for (Value pair : environment.elements(from)) {
        List<Value> two = environment.elements(pair);
        if (two.size() != 2) {
          throw TemplateException.value("dict() expects pairs, got " + two.size() + " elements");
        }
        dict.entries().put(Comparisons.key(two.get(0)), two.get(1));
      }
    }
    arguments.restNamed().forEach((name, value) -> dict.entries().put(new Text(name), value));
    environment.budget().make(dict.entries().size());
    return dict;
  }

  private static Value joiner(Arguments arguments) {
    String separator = arguments.text("sep", ", ");
    boolean[] used = new boolean[1];
    return new Native(
        "joiner",
        none -> {
          Text now = used[0] ? new Text(separator) : Text.EMPTY;
          used[0] = true;
          return now;
        });
  }

  /** Gives its values in turn. */
  private static final class Cycler implements Value.Attributed {
    private final List<Value> values;
    private int at;

    Cycler(List<Value> values) {
      if (values.isEmpty()) {
        throw TemplateException.value("cycler() expects at least one value");
      }
      this.values = values;
    }

    @Override
    public String type() {
      return "Cycler";
    }

    @Override
    public Value attribute(String name) {
      return switch (name) {
        case "current" -> values.get(at);
        case "items" -> Items.tuple(values);
        case "next" ->
            new Native(
                name,
                none -> {
                  Value value = values.get(at);
                  at = (at + 1) % values.size();
                  return value;
                });
        case "reset" ->
            new Native(
                name,
                none -> {
                  at = 0;
                  return Value.NONE;
                });
        default -> Types.missing(this, name);
      };
    }
  }
}
