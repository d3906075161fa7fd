package dev.heed.generate.template;

import dev.heed.generate.template.Expression.Binary;
import dev.heed.generate.template.Expression.Comparison;
import dev.heed.generate.template.Expression.Concatenation;
import dev.heed.generate.template.Expression.Conditional;
import dev.heed.generate.template.Expression.Constant;
import dev.heed.generate.template.Expression.DictOf;
import dev.heed.generate.template.Expression.Filter;
import dev.heed.generate.template.Expression.Given;
import dev.heed.generate.template.Expression.Item;
import dev.heed.generate.template.Expression.ListOf;
import dev.heed.generate.template.Expression.Logical;
import dev.heed.generate.template.Expression.Name;
import dev.heed.generate.template.Expression.Prefixed;
import dev.heed.generate.template.Expression.Slice;
import dev.heed.generate.template.Expression.Test;
import dev.heed.generate.template.Expression.TupleOf;
import dev.heed.generate.template.Value.Int;
import dev.heed.generate.template.Value.Real;
import dev.heed.generate.template.Value.Text;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions, by Jinja's precedences: weakest first in the order of the methods. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
  private static final Set<String> ENDING_A_TEST = Set.of("else", "or", "and", "is");

  private final TokenStream tokens;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** One expression, or a tuple of several without parentheses. */
  Expression tuple(boolean conditional) {
    return tuple(conditional, false, false);
  }

  private Expression tuple(boolean conditional, boolean parentheses, boolean iterated) {
    List<Expression> elements = new ArrayList<>();
    boolean comma = false;
    while (!endsTuple(iterated)) {
      elements.add(conditional ? expression() : or());
      if (!tokens.skip(",")) {
        break;
      }
      comma = true;
    }
    if (comma) {
      return new TupleOf(elements);
    }
    if (!elements.isEmpty()) {
      return elements.getFirst();
    }
    if (!parentheses) {
      throw tokens.unexpected("an expression");
    }
    return new TupleOf(List.of());
  }

  private boolean endsTuple(boolean iterated) {
    Token token = tokens.peek();
    return token.kind() == Token.Kind.PRINT_END
        || token.kind() == Token.Kind.BLOCK_END
        || token.is(")")
        || iterated && token.isName("recursive");
  }

  /** What a loop goes through. */
  Expression iterated() {
    return tuple(false, false, true);
  }

  /** {@code a if b else c}. */
  Expression expression() {
    tokens.enter();
    Expression value = or();
    while (tokens.skipName("if")) {
      Expression test = or();
      Expression no = tokens.skipName("else") ? expression() : null;
      value = tokens.deeper(new Conditional(test, value, no));
    }
    tokens.leave();
    return value;
  }

  /** An expression without a condition, as the tests of statements are. */
  Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      left = tokens.deeper(new Logical(false, left, and()));
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      left = tokens.deeper(new Logical(true, left, not()));
    }
    return left;
  }

  private Expression not() {
    int times = 0;
    while (tokens.skipName("not")) {
      times++;
    }
    Expression operand = comparison();
    return times == 0 ? operand : new Prefixed("not", times, operand);
  }

  private Expression comparison() {
    Expression first = sum();
    List<Comparison.Operand> rest = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        tokens.next();
        rest.add(new Comparison.Operand(token.text(), sum()));
      } else if (tokens.skipName("in")) {
        rest.add(new Comparison.Operand("in", sum()));
      } else if (token.isName("not") && tokens.peekNext().isName("in")) {
        tokens.next();
        tokens.next();
        rest.add(new Comparison.Operand("not in", sum()));
      } else {
        return rest.isEmpty() ? first : new Comparison(first, rest);
      }
    }
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.peek().is("+") || tokens.peek().is("-")) {
      String operator = tokens.next().text();
      left = tokens.deeper(new Binary(operator, left, concatenation()));
    }
    return left;
  }

  private Expression concatenation() {
    List<Expression> parts = new ArrayList<>(List.of(product()));
    while (tokens.skip("~")) {
      parts.add(product());
    }
    return parts.size() == 1 ? parts.getFirst() : new Concatenation(parts);
  }

  private Expression product() {
    Expression left = power();
    while (tokens.peek().is("*")
        || tokens.peek().is("/")
        || tokens.peek().is("//")
        || tokens.peek().is("%")) {
      String operator = tokens.next().text();
      left = tokens.deeper(new Binary(operator, left, power()));
    }
    return left;
  }

  /** Powers lean to the left in Jinja. */
  private Expression power() {
    Expression left = unary();
    while (tokens.skip("**")) {
      left = tokens.deeper(new Binary("**", left, unary()));
    }
    return left;
  }

  private Expression unary() {
    List<String> signs = new ArrayList<>();
    while (tokens.peek().is("-") || tokens.peek().is("+")) {
      signs.add(tokens.next().text());
    }
    Expression value = tokens.postfix(primary(), this);
    for (String sign : signs.reversed()) {
      value = tokens.deeper(new Prefixed(sign, 1, value));
    }
    return filters(signs.isEmpty() ? value : tokens.postfix(value, this));
  }

  /** The filters and tests behind a value, and calls of what they give. */
  private Expression filters(Expression start) {
    Expression value = start;
    while (true) {
      if (tokens.skip("|")) {
        value = tokens.deeper(filter(value));
      } else if (tokens.skipName("is")) {
        value = tokens.deeper(test(value));
      } else if (tokens.peek().is("(")) {
        value = tokens.deeper(new Expression.Call(value, given()));
      } else {
        return value;
      }
    }
  }

  /** A filter after its bar; of no operand where a block is filtered. */
  Filter filter(@Nullable Expression operand) {
    String name = dotted();
    Filters.require(name, tokens.line());
    return new Filter(operand, name, tokens.peek().is("(") ? given() : Given.NOTHING);
  }

  private String dotted() {
    StringBuilder name = new StringBuilder(tokens.name());
    while (tokens.skip(".")) {
      name.append('.').append(tokens.name());
    }
    return name.toString();
  }

  private Expression test(Expression operand) {
    boolean negated = tokens.skipName("not");
    String name = dotted();
    Tests.require(name, tokens.line());
    Given given = Given.NOTHING;
    Token token = tokens.peek();
    if (token.is("(")) {
      given = given();
    } else if (startsArgument(token)) {
      given = Given.of(tokens.postfix(primary(), this));
    }
    if (tokens.peek().isName("is") && given != Given.NOTHING) {
      throw tokens.unexpected("no chained tests");
    }
    return new Test(operand, name, given, negated);
  }

  private static boolean startsArgument(Token token) {
    return switch (token.kind()) {
      case NAME -> !ENDING_A_TEST.contains(token.text());
      case STRING, INTEGER, FLOAT -> true;
      default -> token.is("[") || token.is("{");
    };
  }

  Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> new Constant(string(token));
      case INTEGER -> new Constant(new Int(integer(token.text())));
      case FLOAT -> new Constant(new Real(Double.parseDouble(token.text())));
      default -> enclosed(token);
    };
  }

  private Expression enclosed(Token token) {
    if (!token.is("(") && !token.is("[") && !token.is("{")) {
      throw tokens.unexpected("an expression", token);
    }
    tokens.enter();
    Expression value;
    if (token.is("(")) {
      value = tuple(true, true, false);
      tokens.expect(")");
    } else {
      value = token.is("[") ? list() : dict();
    }
    tokens.leave();
    return value;
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> new Constant(Value.TRUE);
      case "false", "False" -> new Constant(Value.FALSE);
      case "none", "None" -> new Constant(Value.NONE);
      default -> new Name(name);
    };
  }

  private Text string(Token first) {
    StringBuilder text = new StringBuilder(first.text());
    while (tokens.peek().kind() == Token.Kind.STRING) {
      text.append(tokens.next().text());
    }
    return new Text(text.toString());
  }

  private BigInteger integer(String text) {
    String digits = text.toLowerCase(java.util.Locale.ROOT);
    if (digits.length() > Arithmetic.MOST_DIGITS) {
      throw TemplateException.limit("digits in a number", Arithmetic.MOST_DIGITS);
    }
    int radix = digits.startsWith("0x") ? 16 : digits.startsWith("0o") ? 8 : 2;
    return digits.matches("0[xob].*")
        ? new BigInteger(digits.substring(2), radix)
        : new BigInteger(digits);
  }

  private Expression list() {
    List<Expression> elements = new ArrayList<>();
    while (!tokens.peek().is("]")) {
      elements.add(expression());
      if (!tokens.peek().is("]")) {
        tokens.expect(",");
      }
    }
    tokens.expect("]");
    return new ListOf(elements);
  }

  private Expression dict() {
    List<DictOf.Pair> pairs = new ArrayList<>();
    while (!tokens.peek().is("}")) {
      Expression key = expression();
      tokens.expect(":");
      pairs.add(new DictOf.Pair(key, expression()));
      if (!tokens.peek().is("}")) {
        tokens.expect(",");
      }
    }
    tokens.expect("}");
    return new DictOf(pairs);
  }

  /** What stands between brackets behind a value. */
  Expression subscript(Expression of) {
    List<Expression> keys = new ArrayList<>();
    boolean comma = false;
    while (!tokens.peek().is("]")) {
      keys.add(key());
      if (!tokens.skip(",")) {
        break;
      }
      comma = true;
    }
    tokens.expect("]");
    if (keys.isEmpty()) {
      throw tokens.unexpected("a key between brackets");
    }
    return new Item(of, keys.size() > 1 || comma ? new TupleOf(keys) : keys.getFirst());
  }

  private Expression key() {
    Expression start = null;
    if (!tokens.peek().is(":")) {
      start = expression();
      if (!tokens.peek().is(":")) {
        return start;
      }
    }
    tokens.expect(":");
    Expression stop = endsSlicePart() ? null : expression();
    Expression step = null;
    if (tokens.skip(":")) {
      step = endsSlicePart() ? null : expression();
    }
    return new Slice(start, stop, step);
  }

  private boolean endsSlicePart() {
    return tokens.peek().is(":") || tokens.peek().is("]") || tokens.peek().is(",");
  }

  /** The arguments of a call, with their parentheses. */
  Given given() {
    tokens.enter();
    tokens.expect("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Expression spread = null;
    Expression spreadNamed = null;
    while (!tokens.peek().is(")")) {
      if (tokens.skip("*")) {
        spread = expression();
      } else if (tokens.skip("**")) {
        spreadNamed = expression();
      } else if (tokens.peek().kind() == Token.Kind.NAME && tokens.peekNext().is("=")) {
        String name = tokens.name();
        tokens.expect("=");
        if (named.put(name, expression()) != null) {
          throw tokens.unexpected("each argument once");
        }
      } else if (named.isEmpty() && spread == null && spreadNamed == null) {
        positional.add(expression());
      } else {
        throw tokens.unexpected("arguments by name after the first of them");
      }
      if (!tokens.peek().is(")")) {
        tokens.expect(",");
      }
    }
    tokens.expect(")");
    tokens.leave();
    return new Given(positional, named, spread, spreadNamed);
  }
}
