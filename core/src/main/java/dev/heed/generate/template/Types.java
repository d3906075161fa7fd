package dev.heed.generate.template;

import dev.heed.generate.template.Value.Attributed;
import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Callable;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Generator;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Range;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What values are: their names, their truth, their elements. */
final class Types {
  private Types() {}

  /** What Python calls the type. */
  static String name(Value value) {
    return switch (value) {
      case Undefined u -> "Undefined";
      case None n -> "NoneType";
      case Bool b -> "bool";
      case Int i -> "int";
      case Real r -> "float";
      case Text t -> "str";
      case Items i -> i.kind().name().toLowerCase(Locale.ROOT);
      case Dict d -> "dict";
      case Range r -> "range";
      case Generator g -> "generator";
      case Attributed a -> a.type();
      case Callable c -> "function";
    };
  }

  /** An attribute or key that is not there. */
  static Undefined missing(Value of, String name) {
    String object = of == Value.NONE ? "None" : name(of) + " object";
    return Undefined.of("'" + object + "' has no attribute '" + name + "'");
  }

  static boolean truth(Value value) {
    return switch (value) {
      case Undefined u -> false;
      case None n -> false;
      case Bool b -> b.value();
      case Int i -> i.integer().signum() != 0;
      case Real r -> r.real() != 0;
      case Text t -> !t.value().isEmpty();
      case Items i -> !i.elements().isEmpty();
      case Dict d -> !d.entries().isEmpty();
      case Range r -> r.size() > 0;
      case Generator g -> true;
      case Attributed a -> true;
      case Callable c -> true;
    };
  }

  /** How many elements a value has. */
  static long length(Value value) {
    return switch (value) {
      case Undefined u -> 0;
      case Text t -> t.value().codePointCount(0, t.value().length());
      case Items i -> i.elements().size();
      case Dict d -> d.entries().size();
      case Range r -> r.size();
      default -> throw TemplateException.value("object of type '" + name(value) + "' has no len()");
    };
  }

  static boolean iterable(Value value) {
    return value instanceof Value.Iterable || value instanceof Text || value instanceof Undefined;
  }

  /** The elements that a loop over the value goes through. */
  static List<Value> elements(Value value) {
    return switch (value) {
      case Undefined u -> {
        if (u.kind() == TemplateException.Kind.SECURITY) {
          throw u.error();
        }
        yield List.of();
      }
      case Text t -> characters(t.value());
      case Items i -> List.copyOf(i.elements());
      case Dict d -> List.copyOf(d.entries().keySet());
      case Range r -> numbers(r);
      case Generator g -> g.take();
      default -> throw TemplateException.value("'" + name(value) + "' object is not iterable");
    };
  }

  private static List<Value> characters(String text) {
    List<Value> characters = new ArrayList<>(text.length());
    text.codePoints().forEach(c -> characters.add(new Text(Character.toString(c))));
    return characters;
  }

  private static List<Value> numbers(Range range) {
    return new AbstractList<>() {
      @Override
      public Value get(int index) {
        return Int.of(range.start() + index * range.step());
      }

      @Override
      public int size() {
        return (int) range.size();
      }
    };
  }

  /** The value as a text, or an error that says what wants one. */
  static String text(String what, Value value) {
    return switch (value) {
      case Text t -> t.value();
      case Undefined u -> throw u.error();
      default -> throw TemplateException.value(what + " must be str, not " + name(value));
    };
  }

  /** The value as a whole number of 64 bits, or an error that says what wants one. */
  static long integer(String what, Value value) {
    if (value instanceof Undefined u) {
      throw u.error();
    }
    if (!(value instanceof Value.Number number) || !number.whole()) {
      throw TemplateException.value(what + " must be an integer, not " + name(value));
    }
    if (number.integer().bitLength() > 63) {
      throw TemplateException.limit("digits in " + what, 19);
    }
    return number.integer().longValue();
  }
}
