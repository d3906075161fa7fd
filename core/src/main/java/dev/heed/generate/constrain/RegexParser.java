package dev.heed.generate.constrain;

import dev.heed.generate.constrain.Expression.Characters;
import dev.heed.generate.constrain.Expression.Choice;
import dev.heed.generate.constrain.Expression.Repeat;
import dev.heed.generate.constrain.Expression.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads regular expressions: what JavaScript, Python and Java write alike and an automaton can do.
 * Boundaries, references back and looking around are refused.
 */
final class RegexParser {
  private static final int DEEPEST = 200;
  private static final int MOST_TIMES = 10_000;
  private static final CharacterSet SPACE = CharacterSet.of(" \t\n\r\f\u000b");
  private static final CharacterSet WORD =
      CharacterSet.of('a', 'z')
          .or(CharacterSet.of('A', 'Z'))
          .or(CharacterSet.DIGITS)
          .or(CharacterSet.of("_"));
  private static final CharacterSet ANY = CharacterSet.of("\n\r").not();

  private final Source source;
  private final UnaryOperator<CharacterSet> allowed;
  private int depth;

  /** Reads all characters as they are. */
  RegexParser(String regex) {
    this(regex, set -> set);
  }

  /**
   * Reads an expression whose characters are changed.
   *
   * @param allowed what becomes of each set
   */
  RegexParser(String regex, UnaryOperator<CharacterSet> allowed) {
    this.source = new Source("regular expression", regex);
    this.allowed = allowed;
  }

  /** The whole text: a first ^ and a last $ say what holds anyway. */
  Expression expression() {
    source.skip("^");
    Expression expression = choice();
    if (!source.atEnd()) {
      throw source.unexpected("the end");
    }
    return expression;
  }

  private Expression choice() {
    if (++depth > DEEPEST) {
      throw source.unexpected("at most " + DEEPEST + " groups in each other");
    }
    List<Expression> options = new ArrayList<>();
    do {
      options.add(sequence());
    } while (source.skip("|"));
    depth--;
    return options.size() == 1 ? options.getFirst() : new Choice(options);
  }

  private Expression sequence() {
    List<Expression> parts = new ArrayList<>();
    while (!source.atEnd() && source.peek() != '|' && source.peek() != ')') {
      if (source.peek() == '$' && source.left() == 1) {
        source.next();
      } else {
        parts.add(repeated(one()));
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
  }

  private Expression repeated(Expression one) {
    Expression value = one;
    boolean repeats = true;
    while (repeats && !source.atEnd()) {
      switch (source.peek()) {
        case '*' -> value = times(value, 0, Repeat.UNBOUNDED);
        case '+' -> value = times(value, 1, Repeat.UNBOUNDED);
        case '?' -> value = times(value, 0, 1);
        case '{' -> {
          int[] bounds = source.bounds(MOST_TIMES);
          value = new Repeat(value, bounds[0], bounds[1]);
          lazy();
        }
        default -> repeats = false;
      }
    }
    return value;
  }

  private Expression times(Expression one, int least, int most) {
    source.next();
    lazy();
    return new Repeat(one, least, most);
  }

  /** A lazy repetition stands for the same texts. */
  private void lazy() {
    if (!source.skip("?") && !source.atEnd() && source.peek() == '+') {
      throw source.unexpected("no possessive repetition");
    }
  }

  private Expression one() {
    int c = source.next();
    return switch (c) {
      case '(' -> group();
      case '[' -> characters(set());
      case '.' -> characters(ANY);
      case '\\' -> characters(escape(source.next()));
      case '^', '$' -> throw source.unexpected("no anchor within the text");
      case '*', '+', '?' -> throw source.unexpected("something to repeat");
      default -> characters(CharacterSet.of(c, c));
    };
  }

  private Expression characters(CharacterSet set) {
    return new Characters(allowed.apply(set));
  }

  private Expression group() {
    if (source.skip("?") && !source.skip(":")) {
      boolean named = source.skip("P<") || source.skip("<");
      if (!named || source.peek() == '=' || source.peek() == '!') {
        throw source.unexpected("no looking around and no flags");
      }
      while (source.next() != '>') {}
    }
    Expression inside = choice();
    if (!source.skip(")")) {
      throw source.unexpected("a closing parenthesis");
    }
    return inside;
  }

  private CharacterSet escape(int c) {
    return switch (c) {
      case 'd' -> CharacterSet.DIGITS;
      case 'D' -> CharacterSet.DIGITS.not();
      case 'w' -> WORD;
      case 'W' -> WORD.not();
      case 's' -> SPACE;
      case 'S' -> SPACE.not();
      case 'b', 'B', 'A', 'Z', 'z', 'G', 'p', 'P', 'k', 'Q' ->
          throw source.unexpected("no boundaries, properties and references");
      default -> {
        if (c >= '1' && c <= '9') {
          throw source.unexpected("no reference back");
        }
        int one = source.escaped(c);
        yield CharacterSet.of(one, one);
      }
    };
  }

  /** What stands between brackets, the first of which is read. */
  private CharacterSet set() {
    boolean negated = source.skip("^");
    CharacterSet set = new CharacterSet(List.of());
    boolean first = true;
    while (first || source.peek() != ']') {
      first = false;
      CharacterSet one = element();
      if (source.left() > 1 && source.peek() == '-' && source.peek(1) != ']') {
        source.next();
        CharacterSet last = element();
        if (!single(one) || !single(last) || character(one) > character(last)) {
          throw source.unexpected("a range from a character to a later one");
        }
        one = CharacterSet.of(character(one), character(last));
      }
      set = set.or(one);
    }
    source.next();
    return negated ? set.not() : set;
  }

  private CharacterSet element() {
    int c = source.next();
    if (c == '\\') {
      int escaped = source.next();
      return escaped == 'b' ? CharacterSet.of(8, 8) : escape(escaped);
    }
    return CharacterSet.of(c, c);
  }

  private static boolean single(CharacterSet set) {
    return set.ranges().size() == 1
        && set.ranges().getFirst().first() == set.ranges().getFirst().last();
  }

  private static int character(CharacterSet set) {
    return set.ranges().getFirst().first();
  }
}
