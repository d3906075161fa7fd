package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Expression.Characters;
import dev.heed.generate.constrain.Expression.Reference;
import dev.heed.generate.constrain.Expression.Repeat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The grammar of JSON (RFC 8259), with white space and numbers kept short. */
final class JsonSyntax {
  static final String VALUE = "value";
  static final String OBJECT = "object";
  static final String ARRAY = "array";

  private static final int MOST_DIGITS = 15;
  private static final int MOST_INDENT = 20;
  private static final CharacterSet HEX =
      CharacterSet.DIGITS.or(CharacterSet.of('a', 'f')).or(CharacterSet.of('A', 'F'));

  /** What stands in a string as it is. */
  static final CharacterSet PLAIN =
      CharacterSet.of(0x20, Character.MAX_CODE_POINT)
          .without(CharacterSet.of("\"\\"))
          .without(CharacterSet.of(0x7F, 0x7F));

  private static final Expression QUOTE = Expression.text("\"");

  /** Between tokens: nothing, a blank, or a line's end and an indent. */
  static final Expression SPACE =
      Expression.choice(
              Expression.text(" "),
              Expression.sequence(
                  Expression.text("\n"),
                  new Repeat(new Characters(CharacterSet.of(" \t")), 0, MOST_INDENT)))
          .optional();

  private static final Expression DIGIT = new Characters(CharacterSet.DIGITS);

  /** A whole number from 0 without leading zeros. */
  static final Expression NATURAL =
      Expression.choice(
          Expression.text("0"),
          Expression.sequence(
              new Characters(CharacterSet.of('1', '9')), new Repeat(DIGIT, 0, MOST_DIGITS)));

  /** A whole number. */
  static final Expression INTEGER = Expression.sequence(Expression.text("-").optional(), NATURAL);

  private static final Expression FRACTION =
      Expression.sequence(Expression.text("."), new Repeat(DIGIT, 1, MOST_DIGITS)).optional();

  private static final Expression EXPONENT =
      Expression.sequence(
              new Characters(CharacterSet.of("eE")),
              new Characters(CharacterSet.of("+-")).optional(),
              new Repeat(DIGIT, 1, 2))
          .optional();

  /** Any number from 0. */
  static final Expression POSITIVE = Expression.sequence(NATURAL, FRACTION, EXPONENT);

  /** Any number. */
  static final Expression NUMBER = Expression.sequence(INTEGER, FRACTION, EXPONENT);

  /** {@code true} or {@code false}. */
  static final Expression BOOLEAN =
      Expression.choice(Expression.text("true"), Expression.text("false"));

  /** One character of a string, escaped or not. */
  static final Expression CHARACTER =
      Expression.choice(
          new Characters(PLAIN),
          Expression.sequence(Expression.text("\\"), new Characters(CharacterSet.of("\"\\/bfnrt"))),
          Expression.sequence(Expression.text("\\u"), unit()));

  private JsonSyntax() {}

  /** Four hexadecimal digits that are no surrogate's. */
  private static Expression unit() {
    Expression hex = new Characters(HEX);
    return Expression.choice(
        Expression.sequence(
            new Characters(HEX.without(CharacterSet.of("dD"))), new Repeat(hex, 3, 3)),
        Expression.sequence(
            new Characters(CharacterSet.of("dD")),
            new Characters(CharacterSet.of('0', '7')),
            new Repeat(hex, 2, 2)));
  }

  /** Something between quotes. */
  static Expression quoted(Expression inside) {
    return Expression.sequence(QUOTE, inside, QUOTE);
  }

  /** Any string. */
  static Expression string() {
    return quoted(CHARACTER.many());
  }

  /** Elements between brackets, in which the first and further ones may differ. */
  static Expression list(String open, Expression first, Expression further, String close) {
    return Expression.choice(
        Expression.text(open + close),
        Expression.sequence(
            Expression.text(open), SPACE, first, further.many(), SPACE, Expression.text(close)));
  }

  /** A comma and what follows it. */
  static Expression following(Expression element) {
    return Expression.sequence(Expression.text(","), SPACE, element);
  }

  /** A name and its value. */
  static Expression member(Expression name, Expression value) {
    return Expression.sequence(name, Expression.text(":"), SPACE, value);
  }

  /** The rules of any value. */
  static Map<String, Expression> rules() {
    Map<String, Expression> rules = new LinkedHashMap<>();
    Expression value = new Reference(VALUE);
    Expression member = member(string(), value);
    rules.put(OBJECT, list("{", member, following(member), "}"));
    rules.put(ARRAY, list("[", value, following(value), "]"));
    rules.put(
        VALUE,
        new Expression.Choice(
            List.of(
                new Reference(OBJECT),
                new Reference(ARRAY),
                string(),
                NUMBER,
                BOOLEAN,
                Expression.text("null"))));
    return rules;
  }
}
