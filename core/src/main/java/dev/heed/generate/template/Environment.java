package dev.heed.generate.template;

import dev.heed.generate.template.Value.Attributed;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Range;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What operators, filters and methods work with, and how values are reached into. */
final class Environment {
  private final Budget budget;
  private final Comparisons comparisons;
  private final Arithmetic arithmetic;

  Environment(Budget budget) {
    this.budget = budget;
    this.comparisons = new Comparisons(budget);
    this.arithmetic = new Arithmetic(budget);
  }

  Budget budget() {
    return budget;
  }

  Comparisons comparisons() {
    return comparisons;
  }

  Arithmetic arithmetic() {
    return arithmetic;
  }

  String str(Value value) {
    return Printing.str(value, budget);
  }

  /** The elements of a value, announced. */
  List<Value> elements(Value value) {
    if (value instanceof Text || value instanceof Range) {
      budget.make(Types.length(value));
    }
    return Types.elements(value);
  }

  /** {@code of.name}: an attribute, else an element under that key. */
  Value attribute(Value of, String name) {
    if (of instanceof Undefined u) {
      throw u.error();
    }
    Value own = ownAttribute(of, name);
    if (own != null) {
      return own;
    }
    Value element = of instanceof Dict dict ? dict.entries().get(new Text(name)) : null;
    if (element != null) {
      return element;
    }
    return name.startsWith("__") ? Undefined.unsafe(name, of) : Types.missing(of, name);
  }

  /** {@code of[key]}: an element, else an attribute of that name. */
  Value item(Value of, Value key) {
    if (of instanceof Undefined u) {
      throw u.error();
    }
    Value element = element(of, key);
    if (element != null) {
      return element;
    }
    if (key instanceof Text name) {
      Value own = ownAttribute(of, name.value());
      return own != null ? own : Types.missing(of, name.value());
    }
    return Types.missing(of, str(key));
  }

  /** An attribute alone, as the filter {@code attr} asks for it. */
  Value attributeOnly(Value of, String name) {
    if (of instanceof Undefined u) {
      throw u.error();
    }
    Value own = ownAttribute(of, name);
    return own != null ? own : Types.missing(of, name);
  }

  private @Nullable Value ownAttribute(Value of, String name) {
    return switch (of) {
      case Text text -> new TextMethods(this, text.value()).find(name);
      case Items items -> {
        int at = items.names().indexOf(name);
        yield at >= 0 ? items.elements().get(at) : new ContainerMethods(this).find(items, name);
      }
      case Dict dict -> new ContainerMethods(this).find(dict, name);
      case Attributed attributed ->
          name.startsWith("_") ? Undefined.unsafe(name, of) : attributed.attribute(name);
      case Value.Callable function when name.startsWith("_") -> Undefined.unsafe(name, of);
      default -> null;
    };
  }

  private static @Nullable Value element(Value of, Value key) {
    if (of instanceof Dict dict) {
      return dict.entries().get(Comparisons.key(key));
    }
    if (!(key instanceof Value.Number number)
        || !number.whole()
        || number.integer().bitLength() > 31) {
      return null;
    }
    int index = number.integer().intValue();
    return switch (of) {
      case Text text -> {
        int length = (int) Types.length(text);
        int at = index < 0 ? index + length : index;
        yield at < 0 || at >= length
            ? null
            : new Text(
                Character.toString(
                    text.value().codePointAt(text.value().offsetByCodePoints(0, at))));
      }
      case Items items when items.indexed() -> at(items.elements(), index);
      case Range range -> at(Types.elements(range), index);
      default -> null;
    };
  }

  private static @Nullable Value at(List<Value> elements, int index) {
    int at = index < 0 ? index + elements.size() : index;
    return at < 0 || at >= elements.size() ? null : elements.get(at);
  }

  /** {@code of[start:stop:step]}; none for what is not said. */
  Value slice(Value of, Value start, Value stop, Value step) {
    if (of instanceof Undefined u) {
      throw u.error();
    }
    boolean text = of instanceof Text;
    if (!text && !(of instanceof Items items && items.indexed()) && !(of instanceof Range)) {
      throw TemplateException.value("'" + Types.name(of) + "' object is not subscriptable");
    }
    List<Value> all = Types.elements(of);
    long stride = step == Value.NONE ? 1 : Types.integer("slice step", step);
    if (stride == 0) {
      throw TemplateException.value("slice step cannot be zero");
    }
    int size = all.size();
    long first = bound(start, stride > 0 ? 0 : size - 1, size, stride);
    long last = bound(stop, stride > 0 ? size : -1, size, stride);
    budget.make(size);
    List<Value> chosen = new ArrayList<>();
    for (long i = first; stride > 0 ? i < last : i > last; i += stride) {
      chosen.add(all.get((int) i));
      if (stride > size || stride < -size) {
        break;
      }
    }
    if (text) {
      StringBuilder joined = new StringBuilder();
      chosen.forEach(c -> joined.append(((Text) c).value()));
      return new Text(joined.toString());
    }
    return new Items(chosen, of instanceof Items items ? items.kind() : Items.Kind.LIST, List.of());
  }

  private static long bound(Value value, long otherwise, int size, long stride) {
    if (value == Value.NONE) {
      return otherwise;
    }
    if (!(value instanceof Value.Number number) || !number.whole()) {
      throw TemplateException.value("slice indices must be integers or None");
    }
    long index =
        number.integer().bitLength() > 62
            ? number.integer().signum() * (long) Integer.MAX_VALUE
            : number.integer().longValue();
    long from = index < 0 ? index + size : index;
    return stride > 0 ? Math.min(Math.max(from, 0), size) : Math.min(Math.max(from, -1), size - 1L);
  }
}
