package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Expression.Characters;
import dev.heed.generate.constrain.Expression.Choice;
import dev.heed.generate.constrain.Expression.Reference;
import dev.heed.generate.constrain.Expression.Repeat;
import dev.heed.generate.constrain.Expression.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads rules: {@code name ::= "text" | [a-z] | other | ( … )}, with {@code * + ? {m,n}} behind
 * what repeats; {@code #} begins a comment to the end of its line, {@code /*} one to its own end,
 * and {@code #x41} is a character by its number.
 */
final class GrammarParser {
  private static final int DEEPEST = 200;
  private static final int MOST_TIMES = 10_000;
  private static final String ASSIGNS = "::=";

  private final Source source;
  private final Map<String, Expression> rules = new LinkedHashMap<>();
  private int depth;

  GrammarParser(String text) {
    this.source = new Source("grammar", text);
  }

  Grammar grammar() {
    space();
    while (!source.atEnd()) {
      String name = name();
      space();
      if (name.isEmpty() || !source.skip(ASSIGNS)) {
        throw source.unexpected("a rule as 'name ::= …'");
      }
      space();
      if (rules.put(name, choice()) != null) {
        throw source.unexpected("each rule once, got " + name + " again");
      }
      space();
    }
    return new Grammar(rules, Grammar.ROOT);
  }

  private void space() {
    while (!source.atEnd()) {
      if (source.skip("/*")) {
        while (!source.skip("*/")) {
          source.next();
        }
      } else if (source.peek() == '#' && source.peek(1) != 'x') {
        while (!source.atEnd() && source.peek() != '\n') {
          source.next();
        }
      } else if (Character.isWhitespace(source.peek())) {
        source.next();
      } else {
        return;
      }
    }
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    while (Character.isLetterOrDigit(source.peek())
        || source.peek() == '-'
        || source.peek() == '_') {
      name.appendCodePoint(source.next());
    }
    return name.toString();
  }

  /** Whether a rule begins here, and not a reference to one. */
  private boolean atRule() {
    int i = 0;
    while (Character.isLetterOrDigit(source.peek(i))
        || source.peek(i) == '-'
        || source.peek(i) == '_') {
      i++;
    }
    while (Character.isWhitespace(source.peek(i))) {
      i++;
    }
    return source.peek(i) == ':' && source.peek(i + 1) == ':' && source.peek(i + 2) == '=';
  }

  private Expression choice() {
    if (++depth > DEEPEST) {
      throw source.unexpected("at most " + DEEPEST + " groups in each other");
    }
    List<Expression> options = new ArrayList<>();
    do {
      space();
      options.add(sequence());
    } while (source.skip("|"));
    depth--;
    return options.size() == 1 ? options.getFirst() : new Choice(options);
  }

  private Expression sequence() {
    List<Expression> parts = new ArrayList<>();
    while (!source.atEnd()
        && source.peek() != '|'
        && source.peek() != ')'
        && source.peek() != ';'
        && !atRule()) {
      parts.add(repeated(one()));
      space();
    }
    source.skip(";");
    return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
  }

  private Expression repeated(Expression one) {
    Expression value = one;
    while (true) {
      if (source.skip("*")) {
        value = value.many();
      } else if (source.skip("+")) {
        value = new Repeat(value, 1, Repeat.UNBOUNDED);
      } else if (source.skip("?")) {
        value = value.optional();
      } else if (source.peek() == '{') {
        int[] bounds = source.bounds(MOST_TIMES);
        value = new Repeat(value, bounds[0], bounds[1]);
      } else {
        return value;
      }
    }
  }

  private Expression one() {
    int c = source.peek();
    if (c == '"' || c == '\'') {
      return literal();
    }
    if (source.skip("[")) {
      return new Characters(set());
    }
    if (source.skip(".")) {
      return new Characters(CharacterSet.ALL);
    }
    if (source.skip("#x")) {
      int one = number();
      return new Characters(CharacterSet.of(one, one));
    }
    if (source.skip("(")) {
      Expression inside = choice();
      space();
      if (!source.skip(")")) {
        throw source.unexpected("a closing parenthesis");
      }
      return inside;
    }
    String name = name();
    if (name.isEmpty()) {
      throw source.unexpected("a text, a set of characters, a group or a rule's name");
    }
    return new Reference(name);
  }

  private int number() {
    int digits = 0;
    while (Character.digit(source.peek(digits), 16) >= 0 && digits < 6) {
      digits++;
    }
    return source.hex(digits);
  }

  private Expression literal() {
    int quote = source.next();
    StringBuilder text = new StringBuilder();
    while (source.peek() != quote || source.atEnd()) {
      int c = source.next();
      text.appendCodePoint(c == '\\' ? source.escaped(source.next()) : c);
    }
    source.next();
    return Expression.text(text.toString());
  }

  private CharacterSet set() {
    boolean negated = source.skip("^");
    CharacterSet set = new CharacterSet(List.of());
    while (source.peek() != ']' || source.atEnd()) {
      int first = character();
      int last = first;
      if (source.peek() == '-' && source.peek(1) != ']') {
        source.next();
        last = character();
        if (last < first) {
          throw source.unexpected("a range from a character to a later one");
        }
      }
      set = set.or(CharacterSet.of(first, last));
    }
    source.next();
    return negated ? set.not() : set;
  }

  private int character() {
    if (source.skip("#x")) {
      return number();
    }
    int c = source.next();
    return c == '\\' ? source.escaped(source.next()) : c;
  }
}
