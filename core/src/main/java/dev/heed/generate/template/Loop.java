package dev.heed.generate.template;

import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a loop knows of itself: the variable {@code loop}; called, it loops deeper. */
final class Loop implements Value.Attributed, Value.Callable {
  /** Runs the loop's body over other elements, for a recursive loop. */
  @FunctionalInterface
  interface Deeper {
    Value over(Value elements, int depth);
  }

  private final Environment environment;
  private final List<Value> elements;
  private final int depth;
  private final @Nullable Deeper deeper;
  private int at = -1;
  private @Nullable Value last;

  Loop(Environment environment, List<Value> elements, int depth, @Nullable Deeper deeper) {
    this.environment = environment;
    this.elements = elements;
    this.depth = depth;
    this.deeper = deeper;
  }

  Value next() {
    return elements.get(++at);
  }

  boolean done() {
    return at + 1 >= elements.size();
  }

  @Override
  public String type() {
    return "LoopContext";
  }

  @Override
  public String name() {
    return "loop";
  }

  @Override
  public Value attribute(String name) {
    return switch (name) {
      case "index" -> Int.of(at + 1L);
      case "index0" -> Int.of(at);
      case "revindex" -> Int.of((long) elements.size() - at);
      case "revindex0" -> Int.of(elements.size() - at - 1L);
      case "first" -> Bool.of(at == 0);
      case "last" -> Bool.of(done());
      case "length" -> Int.of(elements.size());
      case "depth" -> Int.of(depth + 1L);
      case "depth0" -> Int.of(depth);
      case "previtem" ->
          at > 0 ? elements.get(at - 1) : Value.Undefined.of("there is no previous item");
      case "nextitem" ->
          done() ? Value.Undefined.of("there is no next item") : elements.get(at + 1);
      case "cycle" -> new Native(name, this::cycle);
      case "changed" -> new Native(name, this::changed);
      default -> Types.missing(this, name);
    };
  }

  private Value cycle(Arguments arguments) {
    List<Value> values = arguments.rest();
    if (values.isEmpty()) {
      throw TemplateException.value("no items for cycling given");
    }
    return values.get(at % values.size());
  }

  private Value changed(Arguments arguments) {
    Value now = Items.tuple(arguments.rest());
    boolean changed = last == null || !environment.comparisons().equal(last, now);
    last = now;
    return Bool.of(changed);
  }

  @Override
  public Value call(Arguments arguments) {
    Value over = arguments.required("iterable");
    arguments.done();
    if (deeper == null) {
      throw TemplateException.value("a loop is called only if it is 'recursive'");
    }
    return deeper.over(over, depth + 1);
  }
}
