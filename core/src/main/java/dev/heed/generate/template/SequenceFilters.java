package dev.heed.generate.template;

import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Generator;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Filters of what has elements. */
final class SequenceFilters {
  private SequenceFilters() {}

  static Map<String, Filters.Filter> all() {
    return Map.ofEntries(
        Map.entry("length", (v, a, e) -> Int.of(Types.length(v))),
        Map.entry("count", (v, a, e) -> Int.of(Types.length(v))),
        Map.entry("list", (v, a, e) -> Items.list(copied(v, e))),
        Map.entry("first", SequenceFilters::first),
        Map.entry("last", SequenceFilters::last),
        Map.entry("reverse", SequenceFilters::reverse),
        Map.entry("join", SequenceFilters::join),
        Map.entry("items", SequenceFilters::items),
        Map.entry("sum", SequenceFilters::sum),
        Map.entry("batch", SequenceFilters::batch),
        Map.entry("slice", SequenceFilters::slice));
  }

  private static List<Value> copied(Value value, Environment environment) {
    List<Value> elements = new ArrayList<>(environment.elements(value));
    environment.budget().make(elements.size());
    return elements;
  }

  private static Value first(Value value, Arguments arguments, Environment environment) {
    if (value instanceof Generator generator) {
      return generator.done() ? none("first") : generator.next();
    }
    List<Value> elements = environment.elements(value);
    return elements.isEmpty() ? none("first") : elements.getFirst();
  }

  private static Value last(Value value, Arguments arguments, Environment environment) {
    if (value instanceof Generator) {
      throw TemplateException.value("'generator' object is not reversible");
    }
    List<Value> elements = environment.elements(value);
    return elements.isEmpty() ? none("last") : elements.getLast();
  }

  private static Undefined none(String which) {
    return Undefined.of("No " + which + " item, sequence was empty.");
  }

  private static Value reverse(Value value, Arguments arguments, Environment environment) {
    if (value instanceof Text text) {
      environment.budget().make(text.value().length());
      return new Text(new StringBuilder(text.value()).reverse().toString());
    }
    List<Value> elements = copied(value, environment);
    Collections.reverse(elements);
    return value instanceof Generator ? Items.list(elements) : new Generator(elements);
  }

  private static Value join(Value value, Arguments arguments, Environment environment) {
    String between = environment.str(arguments.take("d", Text.EMPTY));
    Value attribute = arguments.take("attribute", Value.NONE);
    StringBuilder joined = new StringBuilder();
    boolean first = true;
    for (Value element : environment.elements(value)) {
      Value shown =
          attribute instanceof None ? element : new Path(attribute).of(element, environment);
      String piece = environment.str(shown);
      environment.budget().make((long) piece.length() + between.length());
      joined.append(first ? "" : between).append(piece);
      first = false;
    }
    return new Text(joined.toString());
  }

  private static Value items(Value value, Arguments arguments, Environment environment) {
    if (value instanceof Undefined) {
      return new Generator(List.of());
    }
    if (!(value instanceof Dict dict)) {
      throw TemplateException.value("can only get item pairs from a mapping");
    }
    environment.budget().make(dict.entries().size());
    return new Generator(ContainerMethods.pairs(dict));
  }

  private static Value sum(Value value, Arguments arguments, Environment environment) {
    Value attribute = arguments.take("attribute", Value.NONE);
    Value sum = arguments.take("start", Int.of(0));
    for (Value element : environment.elements(value)) {
      environment.budget().step();
      Value added =
          attribute instanceof None ? element : new Path(attribute).of(element, environment);
      sum = environment.arithmetic().binary("+", sum, added);
    }
    return sum;
  }

  private static Value batch(Value value, Arguments arguments, Environment environment) {
    long size = Types.integer("linecount", arguments.required("linecount"));
    Value fill = arguments.take("fill_with", Value.NONE);
    List<Value> batches = new ArrayList<>();
    List<Value> batch = new ArrayList<>();
    for (Value element : copied(value, environment)) {
      if (batch.size() == size) {
        batches.add(Items.list(batch));
        batch = new ArrayList<>();
      }
      batch.add(element);
    }
    if (!batch.isEmpty()) {
      if (!(fill instanceof None) && batch.size() < size) {
        environment.budget().make(size);
        batch.addAll(Collections.nCopies((int) size - batch.size(), fill));
      }
      batches.add(Items.list(batch));
    }
    return new Generator(batches);
  }

  private static Value slice(Value value, Arguments arguments, Environment environment) {
    long count = Types.integer("slices", arguments.required("slices"));
    Value fill = arguments.take("fill_with", Value.NONE);
    List<Value> elements = copied(value, environment);
    if (count < 1) {
      throw TemplateException.value("slice expects at least one slice");
    }
    environment.budget().make(count);
    List<Value> slices = new ArrayList<>();
    int each = (int) (elements.size() / count);
    long longer = elements.size() % count;
    int from = 0;
    for (long s = 0; s < count; s++) {
      environment.budget().step();
      int to = from + each + (s < longer ? 1 : 0);
      List<Value> slice = new ArrayList<>(elements.subList(from, to));
      if (!(fill instanceof None) && s >= longer) {
        slice.add(fill);
      }
      slices.add(Items.list(slice));
      from = to;
    }
    return new Generator(slices);
  }
}
