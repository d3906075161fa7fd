package dev.heed.generate.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value that a template can hold: Python's, in the few types that Jinja needs. */
sealed interface Value {
  /** The value of what has none. */
  None NONE = new None();

  /** Truth. */
  Bool TRUE = new Bool(true);

  /** Falsehood. */
  Bool FALSE = new Bool(false);

  /** What is not there; it prints as nothing, and any use of it is an error. */
  record Undefined(String message, TemplateException.Kind kind) implements Value {
    static Undefined of(String message) {
      return new Undefined(message, TemplateException.Kind.UNDEFINED);
    }

    static Undefined unsafe(String attribute, Value of) {
      return new Undefined(
          "access to attribute '" + attribute + "' of '" + Types.name(of) + "' object is unsafe.",
          TemplateException.Kind.SECURITY);
    }

    TemplateException error() {
      return new TemplateException(kind, message);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Undefined;
    }

    @Override
    public int hashCode() {
      return 1;
    }
  }

  /** Python's {@code None}. */
  record None() implements Value {}

  /** A number, whole, fractional or a truth value: equal ones are equal keys. */
  sealed interface Number extends Value permits Bool, Int, Real {
    /** Whether it is whole. */
    default boolean whole() {
      return !(this instanceof Real);
    }

    BigInteger integer();

    double real();

    static boolean equal(Number a, Object other) {
      if (!(other instanceof Number b)) {
        return false;
      }
      if (a.whole() && b.whole()) {
        return a.integer().equals(b.integer());
      }
      if (!Double.isFinite(a.real()) || !Double.isFinite(b.real())) {
        return a.real() == b.real();
      }
      return a.exact().compareTo(b.exact()) == 0;
    }

    /** The number without rounding. */
    default BigDecimal exact() {
      return whole() ? new BigDecimal(integer()) : new BigDecimal(real());
    }

    static int hash(Number a) {
      return Double.hashCode(a.real() + 0.0);
    }
  }

  /** A truth value. */
  record Bool(boolean value) implements Number {
    static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public BigInteger integer() {
      return value ? BigInteger.ONE : BigInteger.ZERO;
    }

    @Override
    public double real() {
      return value ? 1 : 0;
    }

    @Override
    public boolean equals(Object other) {
      return Number.equal(this, other);
    }

    @Override
    public int hashCode() {
      return Number.hash(this);
    }
  }

  /** A whole number of any size. */
  record Int(BigInteger integer) implements Number {
    static Int of(long value) {
      return new Int(BigInteger.valueOf(value));
    }

    @Override
    public double real() {
      return integer.doubleValue();
    }

    @Override
    public boolean equals(Object other) {
      return Number.equal(this, other);
    }

    @Override
    public int hashCode() {
      return Number.hash(this);
    }
  }

  /** A number with a fraction. */
  record Real(double real) implements Number {
    @Override
    public BigInteger integer() {
      if (!Double.isFinite(real)) {
        throw TemplateException.value(
            "cannot convert float " + Printing.real(real) + " to integer");
      }
      return new BigDecimal(real).toBigInteger();
    }

    @Override
    public boolean equals(Object other) {
      return Number.equal(this, other);
    }

    @Override
    public int hashCode() {
      return Number.hash(this);
    }
  }

  /** A text; counted in code points. */
  record Text(String value) implements Value {
    /** The empty text. */
    static final Text EMPTY = new Text("");
  }

  /** What a template can go through. */
  sealed interface Iterable extends Value permits Items, Dict, Range, Generator {}

  /** Elements in order: a list, a tuple, or what a dictionary shows of itself. */
  record Items(List<Value> elements, Kind kind, List<String> names) implements Iterable {
    /** What they are. */
    enum Kind {
      LIST,
      TUPLE,
      DICT_KEYS,
      DICT_VALUES,
      DICT_ITEMS
    }

    static Items list(List<Value> elements) {
      return new Items(elements, Kind.LIST, List.of());
    }

    static Items tuple(Value... elements) {
      return new Items(List.of(elements), Kind.TUPLE, List.of());
    }

    static Items tuple(List<Value> elements) {
      return new Items(List.copyOf(elements), Kind.TUPLE, List.of());
    }

    /** Whether elements can be asked for by their place. */
    boolean indexed() {
      return kind == Kind.LIST || kind == Kind.TUPLE;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Items that && kind == that.kind && elements.equals(that.elements);
    }

    @Override
    public int hashCode() {
      return elements.hashCode();
    }
  }

  /** A dictionary, in the order of its keys' arrival. */
  record Dict(Map<Value, Value> entries) implements Iterable {
    static Dict empty() {
      return new Dict(new LinkedHashMap<>());
    }
  }

  /** {@code range(start, stop, step)}. */
  record Range(long start, long stop, long step) implements Iterable {
    long size() {
      long span = step > 0 ? stop - start : start - stop;
      long stride = Math.abs(step);
      return span <= 0 ? 0 : (span + stride - 1) / stride;
    }
  }

  /** Elements that can be gone through once. */
  final class Generator implements Iterable {
    private List<Value> left;

    Generator(List<Value> elements) {
      this.left = elements;
    }

    /** All that are left, which are gone then. */
    List<Value> take() {
      List<Value> taken = left;
      left = List.of();
      return taken;
    }

    /** The next one; there must be one. */
    Value next() {
      Value first = left.getFirst();
      left = new ArrayList<>(left.subList(1, left.size()));
      return first;
    }

    boolean done() {
      return left.isEmpty();
    }
  }

  /** What can be called. */
  non-sealed interface Callable extends Value {
    /** What it is called in messages. */
    String name();

    Value call(Arguments arguments);
  }

  /** What has attributes of its own. */
  non-sealed interface Attributed extends Value {
    /** What its type is called in messages. */
    String type();

    /** The attribute of this name, or an undefined value. */
    Value attribute(String name);
  }

  /** A value that {@code {% set ns.x = … %}} can change. */
  record Namespace(Map<String, Value> values) implements Attributed {
    @Override
    public String type() {
      return "Namespace";
    }

    @Override
    public Value attribute(String name) {
      Value value = values.get(name);
      return value != null ? value : Types.missing(this, name);
    }
  }
}
