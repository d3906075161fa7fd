package dev.heed.generate.template;

import dev.heed.generate.template.Value.Bool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a call is given; taken in the order of the parameters, by place or by name. */
final class Arguments {
  private final String function;
  private final List<Value> positional;
  private final Map<String, Value> named;
  private int next;

  Arguments(String function, List<Value> positional, Map<String, Value> named) {
    this.function = function;
    this.positional = List.copyOf(positional);
    this.named = new LinkedHashMap<>(named);
  }

  /** The next argument, or null if it is not given. */
  @Nullable Value take(String name) {
    if (next < positional.size()) {
      if (named.containsKey(name)) {
        throw TemplateException.value(
            function + "() got multiple values for argument '" + name + "'");
      }
      return positional.get(next++);
    }
    return named.remove(name);
  }

  /** The next argument, or what stands for it. */
  Value take(String name, Value otherwise) {
    Value value = take(name);
    return value == null ? otherwise : value;
  }

  /** The next argument, which must be given. */
  Value required(String name) {
    Value value = take(name);
    if (value == null) {
      throw TemplateException.value(function + "() missing a required argument: '" + name + "'");
    }
    return value;
  }

  boolean flag(String name, boolean otherwise) {
    return Types.truth(take(name, Bool.of(otherwise)));
  }

  long integer(String name, long otherwise) {
    Value value = take(name);
    return value == null ? otherwise : Types.integer(name, value);
  }

  String text(String name, String otherwise) {
    Value value = take(name);
    return value == null ? otherwise : Types.text(name, value);
  }

  /** All arguments by place that are left. */
  List<Value> rest() {
    List<Value> rest = new ArrayList<>(positional.subList(next, positional.size()));
    next = positional.size();
    return rest;
  }

  /** All arguments by name that are left. */
  Map<String, Value> restNamed() {
    Map<String, Value> rest = new LinkedHashMap<>(named);
    named.clear();
    return rest;
  }

  /** Whether an argument by place or of this name is left. */
  boolean has(String name) {
    return next < positional.size() || named.containsKey(name);
  }

  /** Refuses what no parameter took. */
  void done() {
    if (next < positional.size()) {
      throw TemplateException.value(
          function + "() takes at most " + next + " arguments, got " + positional.size());
    }
    if (!named.isEmpty()) {
      throw TemplateException.value(
          function
              + "() got an unexpected keyword argument '"
              + named.keySet().iterator().next()
              + "'");
    }
  }
}
