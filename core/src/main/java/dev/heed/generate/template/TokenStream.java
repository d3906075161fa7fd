package dev.heed.generate.template;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The tokens of a template as parsers take them, with a bound on how deep they nest. */
final class TokenStream {
  private final List<Token> tokens;
  private final int most;

  /** How deep the expressions made by {@link #deeper} lean. */
  private final Map<Expression, Integer> depths = new IdentityHashMap<>();

  private int at;
  private int depth;

  TokenStream(List<Token> tokens, int most) {
    this.tokens = tokens;
    this.most = most;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peekNext() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  /** Where it stands, for {@link #namesSince}. */
  int position() {
    return at;
  }

  /** The names among the tokens from a position on. */
  Set<String> namesSince(int position) {
    return tokens.subList(position, at).stream()
        .filter(token -> token.kind() == Token.Kind.NAME)
        .map(Token::text)
        .collect(Collectors.toSet());
  }

  int line() {
    return peek().line();
  }

  boolean skip(String operator) {
    boolean there = peek().is(operator);
    if (there) {
      next();
    }
    return there;
  }

  boolean skipName(String name) {
    boolean there = peek().isName(name);
    if (there) {
      next();
    }
    return there;
  }

  void expect(String operator) {
    if (!skip(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expect(Token.Kind kind, String what) {
    if (peek().kind() != kind) {
      throw unexpected(what);
    }
    next();
  }

  String name() {
    if (peek().kind() != Token.Kind.NAME) {
      throw unexpected("a name");
    }
    return next().text();
  }

  TemplateException unexpected(String expected) {
    return unexpected(expected, peek());
  }

  TemplateException unexpected(String expected, Token got) {
    return TemplateException.syntax(got.line(), "expected " + expected + ", got " + got.describe());
  }

  /** Goes a level deeper. */
  void enter() {
    if (++depth > most) {
      throw TemplateException.limit("nested expressions and blocks", most);
    }
  }

  /** Comes back. */
  void leave() {
    depth--;
  }

  /** Notes an expression that leans on the one before it, as in {@code a + b + c}. */
  Expression deeper(Expression made) {
    int deep =
        1
            + switch (made) {
              case Expression.Binary b -> depths.getOrDefault(b.left(), 0);
              case Expression.Logical l -> depths.getOrDefault(l.left(), 0);
              case Expression.Conditional c -> depths.getOrDefault(c.yes(), 0);
              case Expression.Prefixed p -> depths.getOrDefault(p.operand(), 0);
              case Expression.Attribute a -> depths.getOrDefault(a.of(), 0);
              case Expression.Item i -> depths.getOrDefault(i.of(), 0);
              case Expression.Call c -> depths.getOrDefault(c.function(), 0);
              case Expression.Filter f ->
                  f.operand() == null ? 0 : depths.getOrDefault(f.operand(), 0);
              case Expression.Test t -> depths.getOrDefault(t.operand(), 0);
              default -> 0;
            };
    if (deep > most) {
      throw TemplateException.limit("operators in a row", most);
    }
    depths.put(made, deep);
    return made;
  }

  /** The attributes, keys and calls behind a value. */
  Expression postfix(Expression start, ExpressionParser parser) {
    Expression value = start;
    while (true) {
      if (skip(".")) {
        Token token = next();
        value =
            deeper(
                switch (token.kind()) {
                  case NAME -> new Expression.Attribute(value, token.text());
                  case INTEGER ->
                      new Expression.Item(
                          value,
                          new Expression.Constant(
                              new Value.Int(new java.math.BigInteger(token.text()))));
                  default -> throw unexpected("a name after the dot", token);
                });
      } else if (skip("[")) {
        enter();
        value = deeper(parser.subscript(value));
        leave();
      } else if (peek().is("(")) {
        value = deeper(new Expression.Call(value, parser.given()));
      } else {
        return value;
      }
    }
  }
}
