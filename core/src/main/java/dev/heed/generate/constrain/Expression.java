package dev.heed.generate.constrain;

import java.util.List;

/** What a rule of a grammar says: which texts it stands for. */
public sealed interface Expression {
  /** The empty text alone. */
  Expression EMPTY = new Sequence(List.of());

  /** One character of a set. */
  record Characters(CharacterSet set) implements Expression {}

  /** One after the other. */
  record Sequence(List<Expression> parts) implements Expression {
    /** Copies the list. */
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** One of several; of none: no text at all. */
  record Choice(List<Expression> options) implements Expression {
    /** Copies the list. */
    public Choice {
      options = List.copyOf(options);
    }
  }

  /**
   * The same several times.
   *
   * @param of what is repeated
   * @param least fewest times
   * @param most most times; {@link #UNBOUNDED} for any number
   */
  record Repeat(Expression of, int least, int most) implements Expression {
    /** Any number. */
    public static final int UNBOUNDED = -1;

    /** Checks the numbers. */
    public Repeat {
      if (least < 0 || most != UNBOUNDED && most < least) {
        throw new GrammarException(
            "repetition: expected a least number from 0 and a most one from it on, got {"
                + least
                + ","
                + most
                + "}");
      }
    }
  }

  /** Another rule by its name. */
  record Reference(String rule) implements Expression {}

  /** A text as it stands. */
  static Expression text(String text) {
    List<Expression> characters =
        text.codePoints()
            .mapToObj(c -> (Expression) new Characters(CharacterSet.of(c, c)))
            .toList();
    return characters.size() == 1 ? characters.getFirst() : new Sequence(characters);
  }

  /** One after the other. */
  static Expression sequence(Expression... parts) {
    return new Sequence(List.of(parts));
  }

  /** One of several. */
  static Expression choice(Expression... options) {
    return new Choice(List.of(options));
  }

  /** There or not. */
  default Expression optional() {
    return new Repeat(this, 0, 1);
  }

  /** Any number of times. */
  default Expression many() {
    return new Repeat(this, 0, Repeat.UNBOUNDED);
  }
}
