package dev.heed.generate.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has a value. */
sealed interface Expression {
  /** A value written down. */
  record Constant(Value value) implements Expression {}

  /** A variable. */
  record Name(String name) implements Expression {}

  /** {@code [a, b]}. */
  record ListOf(List<Expression> elements) implements Expression {}

  /** {@code (a, b)} or {@code a, b}. */
  record TupleOf(List<Expression> elements) implements Expression {}

  /** {@code {a: b}}. */
  record DictOf(List<Pair> pairs) implements Expression {
    /** A key and its value. */
    record Pair(Expression key, Expression value) {}
  }

  /** {@code -a}, {@code +a}, {@code not a}, each so many times. */
  record Prefixed(String operator, int times, Expression operand) implements Expression {}

  /** {@code a + b} and its like. */
  record Binary(String operator, Expression left, Expression right) implements Expression {}

  /** {@code a and b}, {@code a or b}. */
  record Logical(boolean and, Expression left, Expression right) implements Expression {}

  /** {@code a ~ b ~ c}. */
  record Concatenation(List<Expression> parts) implements Expression {}

  /** {@code a < b <= c}. */
  record Comparison(Expression first, List<Operand> rest) implements Expression {
    /** An operator and what stands right of it. */
    record Operand(String operator, Expression right) {}
  }

  /** {@code a if test else b}; without an else, undefined. */
  record Conditional(Expression test, Expression yes, @Nullable Expression no)
      implements Expression {}

  /** {@code a.name}. */
  record Attribute(Expression of, String name) implements Expression {}

  /** {@code a[key]}. */
  record Item(Expression of, Expression key) implements Expression {}

  /** {@code start:stop:step} between brackets. */
  record Slice(@Nullable Expression start, @Nullable Expression stop, @Nullable Expression step)
      implements Expression {}

  /** {@code f(a, name=b, *c, **d)}. */
  record Call(Expression function, Given given) implements Expression {}

  /** {@code a | name(b)}; the operand is null where a block is filtered. */
  record Filter(@Nullable Expression operand, String name, Given given) implements Expression {}

  /** {@code a is name(b)}. */
  record Test(Expression operand, String name, Given given, boolean negated)
      implements Expression {}

  /**
   * What a call is given.
   *
   * @param positional by place
   * @param named by name
   * @param spread a list of more by place
   * @param spreadNamed a dictionary of more by name
   */
  record Given(
      List<Expression> positional,
      Map<String, Expression> named,
      @Nullable Expression spread,
      @Nullable Expression spreadNamed) {
    /** Nothing. */
    static final Given NOTHING = new Given(List.of(), Map.of(), null, null);

    static Given of(Expression only) {
      return new Given(List.of(only), Map.of(), null, null);
    }
  }
}
