package dev.heed.generate.template;

import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.None;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Equality, order and membership, a step for each pair of values that is looked at. */
final class Comparisons {
  private final Budget budget;

  Comparisons(Budget budget) {
    this.budget = budget;
  }

  boolean holds(String operator, Value left, Value right) {
    return switch (operator) {
      case "==" -> equal(left, right);
      case "!=" -> !equal(left, right);
      case "<" -> order(left, right) < 0;
      case "<=" -> order(left, right) <= 0;
      case ">" -> order(left, right) > 0;
      case ">=" -> order(left, right) >= 0;
      case "in" -> contains(right, left);
      case "not in" -> !contains(right, left);
      default -> throw new IllegalStateException(operator);
    };
  }

  boolean equal(Value left, Value right) {
    budget.step();
    if (left instanceof Items a && right instanceof Items b) {
      return a.kind() == b.kind() && equal(a.elements(), b.elements());
    }
    if (left instanceof Dict a && right instanceof Dict b) {
      if (a.entries().size() != b.entries().size()) {
        return false;
      }
      for (Map.Entry<Value, Value> entry : a.entries().entrySet()) {
        Value other = b.entries().get(entry.getKey());
        if (other == null || !equal(entry.getValue(), other)) {
          return false;
        }
      }
      return true;
    }
    if (left instanceof Items || right instanceof Items || left instanceof Dict) {
      return false;
    }
    return left.equals(right);
  }

  private boolean equal(List<Value> a, List<Value> b) {
    if (a == b) {
      return true;
    }
    boolean equal = a.size() == b.size();
    for (int i = 0; equal && i < a.size(); i++) {
      equal = equal(a.get(i), b.get(i));
    }
    return equal;
  }

  /** Less than, equal to or greater than 0. */
  int order(Value left, Value right) {
    budget.step();
    if (left instanceof Value.Number a && right instanceof Value.Number b) {
      return a.whole() && b.whole()
          ? a.integer().compareTo(b.integer())
          : Double.compare(a.real() + 0.0, b.real() + 0.0);
    }
    if (left instanceof Text a && right instanceof Text b) {
      return codePoints(a.value(), b.value());
    }
    if (left instanceof Items a
        && right instanceof Items b
        && a.indexed()
        && a.kind() == b.kind()) {
      int shared = Math.min(a.elements().size(), b.elements().size());
      for (int i = 0; i < shared; i++) {
        if (!equal(a.elements().get(i), b.elements().get(i))) {
          return order(a.elements().get(i), b.elements().get(i));
        }
      }
      return Integer.compare(a.elements().size(), b.elements().size());
    }
    if (left instanceof Undefined u) {
      throw u.error();
    }
    if (right instanceof Undefined u) {
      throw u.error();
    }
    throw TemplateException.value(
        "'<' not supported between instances of '"
            + Types.name(left)
            + "' and '"
            + Types.name(right)
            + "'");
  }

  Comparator<Value> comparator() {
    return this::order;
  }

  private static int codePoints(String a, String b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // a surrogate stands for more than any other character
        boolean high = Character.isSurrogate(x);
        return high == Character.isSurrogate(y) ? Character.compare(x, y) : high ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /** Whether a value is among another's. */
  boolean contains(Value container, Value value) {
    switch (container) {
      case Text text -> {
        if (value instanceof Undefined u) {
          throw u.error();
        }
        return text.value()
            .contains(Types.text("'in <string>' requires string as left operand, it", value));
      }
      case Dict dict -> {
        return dict.entries().containsKey(key(value));
      }
      default -> {
        for (Value element : Types.elements(container)) {
          if (element == value || equal(element, value)) {
            return true;
          }
        }
        return false;
      }
    }
  }

  /** The value as a key of a dictionary. */
  static Value key(Value value) {
    boolean plain = scalar(value);
    if (value instanceof Items items && items.kind() == Items.Kind.TUPLE) {
      plain = items.elements().stream().allMatch(Comparisons::scalar);
    }
    if (!plain) {
      throw TemplateException.value("unhashable type: '" + Types.name(value) + "'");
    }
    return value;
  }

  private static boolean scalar(Value value) {
    return switch (value) {
      case Text t -> true;
      case None n -> true;
      case Bool b -> true;
      case Int i -> true;
      case Real r -> true;
      case Undefined u -> true;
      default -> false;
    };
  }
}
