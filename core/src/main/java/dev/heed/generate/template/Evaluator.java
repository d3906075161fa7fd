package dev.heed.generate.template;

import dev.heed.generate.template.Expression.Call;
import dev.heed.generate.template.Expression.Comparison;
import dev.heed.generate.template.Expression.Given;
import dev.heed.generate.template.Value.Bool;
import dev.heed.generate.template.Value.Dict;
import dev.heed.generate.template.Value.Items;
import dev.heed.generate.template.Value.Text;
import dev.heed.generate.template.Value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evaluates expressions. */
final class Evaluator {
  private final Environment environment;
  private final Budget budget;

  Evaluator(Environment environment) {
    this.environment = environment;
    this.budget = environment.budget();
  }

  Value evaluate(Expression expression, Scope scope) {
    budget.step();
    return switch (expression) {
      case Expression.Constant constant -> constant.value();
      case Expression.Name name -> {
        Value value = scope.get(name.name());
        yield value != null ? value : Undefined.of("'" + name.name() + "' is undefined");
      }
      case Expression.ListOf list -> Items.list(all(list.elements(), scope));
      case Expression.TupleOf tuple -> Items.tuple(all(tuple.elements(), scope));
      case Expression.DictOf dict -> dict(dict, scope);
      case Expression.Prefixed prefixed -> prefixed(prefixed, scope);
      case Expression.Binary binary ->
          environment
              .arithmetic()
              .binary(
                  binary.operator(),
                  evaluate(binary.left(), scope),
                  evaluate(binary.right(), scope));
      case Expression.Logical logical -> {
        Value left = evaluate(logical.left(), scope);
        yield Types.truth(left) == logical.and() ? evaluate(logical.right(), scope) : left;
      }
      case Expression.Concatenation concatenation -> concatenated(concatenation, scope);
      case Comparison comparison -> compared(comparison, scope);
      case Expression.Conditional conditional -> {
        Expression no = conditional.no();
        if (Types.truth(evaluate(conditional.test(), scope))) {
          yield evaluate(conditional.yes(), scope);
        }
        yield no == null
            ? Undefined.of("the inline if-expression has no else")
            : evaluate(no, scope);
      }
      case Expression.Attribute attribute ->
          environment.attribute(evaluate(attribute.of(), scope), attribute.name());
      case Expression.Item item -> item(item, scope);
      case Expression.Slice slice ->
          throw TemplateException.value("a slice stands between brackets only");
      case Call call -> call(call, Map.of(), scope);
      case Expression.Filter filter -> filter(filter, Value.NONE, scope);
      case Expression.Test test -> {
        Value operand = evaluate(test.operand(), scope);
        Arguments arguments = arguments(test.name(), test.given(), Map.of(), scope);
        yield Bool.of(Tests.holds(test.name(), operand, arguments, environment) != test.negated());
      }
    };
  }

  private List<Value> all(List<Expression> expressions, Scope scope) {
    budget.make(expressions.size());
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Value dict(Expression.DictOf dict, Scope scope) {
    Dict made = Dict.empty();
    budget.make(dict.pairs().size());
    for (Expression.DictOf.Pair pair : dict.pairs()) {
      Value key = Comparisons.key(evaluate(pair.key(), scope));
      made.entries().put(key, evaluate(pair.value(), scope));
    }
    return made;
  }

  private Value prefixed(Expression.Prefixed prefixed, Scope scope) {
    Value value = evaluate(prefixed.operand(), scope);
    return prefixed.operator().equals("not")
        ? Bool.of(Types.truth(value) == (prefixed.times() % 2 == 0))
        : environment.arithmetic().signed(prefixed.operator(), value);
  }

  private Value concatenated(Expression.Concatenation concatenation, Scope scope) {
    StringBuilder text = new StringBuilder();
    for (Expression part : concatenation.parts()) {
      String piece = environment.str(evaluate(part, scope));
      budget.make(piece.length());
      text.append(piece);
    }
    return new Text(text.toString());
  }

  private Value compared(Comparison comparison, Scope scope) {
    Value left = evaluate(comparison.first(), scope);
    for (Comparison.Operand operand : comparison.rest()) {
      Value right = evaluate(operand.right(), scope);
      if (!environment.comparisons().holds(operand.operator(), left, right)) {
        return Value.FALSE;
      }
      left = right;
    }
    return Value.TRUE;
  }

  private Value item(Expression.Item item, Scope scope) {
    Value of = evaluate(item.of(), scope);
    if (item.key() instanceof Expression.Slice slice) {
      return environment.slice(
          of,
          orNone(slice.start(), scope),
          orNone(slice.stop(), scope),
          orNone(slice.step(), scope));
    }
    return environment.item(of, evaluate(item.key(), scope));
  }

  private Value orNone(@Nullable Expression expression, Scope scope) {
    return expression == null ? Value.NONE : evaluate(expression, scope);
  }

  /** Calls; some arguments by name come from the block that calls. */
  Value call(Call call, Map<String, Value> more, Scope scope) {
    Value function = evaluate(call.function(), scope);
    if (function instanceof Undefined u) {
      throw u.error();
    }
    if (!(function instanceof Value.Callable callable)) {
      throw TemplateException.value("'" + Types.name(function) + "' object is not callable");
    }
    return callable.call(arguments(callable.name(), call.given(), more, scope));
  }

  /** Filters; the innermost filter without an operand takes the text of a block. */
  Value filter(Expression expression, Value block, Scope scope) {
    if (!(expression instanceof Expression.Filter filter)) {
      return evaluate(expression, scope);
    }
    Expression operand = filter.operand();
    Value value =
        operand == null
            ? block
            : operand instanceof Expression.Filter inner
                ? filter(inner, block, scope)
                : evaluate(operand, scope);
    budget.step();
    return Filters.apply(
        filter.name(),
        value,
        arguments(filter.name(), filter.given(), Map.of(), scope),
        environment);
  }

  private Arguments arguments(String function, Given given, Map<String, Value> more, Scope scope) {
    List<Value> positional = new ArrayList<>(all(given.positional(), scope));
    Map<String, Value> named = new LinkedHashMap<>();
    given.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    Expression spread = given.spread();
    if (spread != null) {
      positional.addAll(environment.elements(evaluate(spread, scope)));
    }
    Expression spreadNamed = given.spreadNamed();
    if (spreadNamed != null) {
      if (!(evaluate(spreadNamed, scope) instanceof Dict dict)) {
        throw TemplateException.value(function + "() argument after ** must be a mapping");
      }
      dict.entries().forEach((name, value) -> named.put(Types.text("a keyword", name), value));
    }
    named.putAll(more);
    return new Arguments(function, positional, named);
  }
}
