package dev.heed.generate.constrain;

import dev.heed.checkpoint.Quoted;

/** A text that is read character by character. */
final class Source {
  private final String what;
  private final int[] characters;
  private int at;

  Source(String what, String text) {
    this.what = what;
    this.characters = text.codePoints().toArray();
  }

  boolean atEnd() {
    return at >= characters.length;
  }

  int left() {
    return characters.length - at;
  }

  /** The next character; 0 at the end. */
  int peek() {
    return peek(0);
  }

  int peek(int ahead) {
    return at + ahead < characters.length ? characters[at + ahead] : 0;
  }

  int next() {
    if (atEnd()) {
      throw unexpected("more");
    }
    return characters[at++];
  }

  boolean skip(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (peek(i) != text.charAt(i)) {
        return false;
      }
    }
    at += text.length();
    return true;
  }

  GrammarException unexpected(String expected) {
    int from = Math.max(0, at - 10);
    int to = Math.min(characters.length, at + 20);
    return new GrammarException(
        what
            + ", character "
            + at
            + ": expected "
            + expected
            + ", got "
            + Quoted.of(new String(characters, from, to - from)));
  }

  /** {@code {m}}, {@code {m,}}, {@code {,n}} or {@code {m,n}}; -1 for no most number. */
  int[] bounds(int most) {
    next();
    int least = peek() == ',' ? 0 : number(most);
    int last = least;
    if (skip(",")) {
      last = peek() == '}' ? Expression.Repeat.UNBOUNDED : number(most);
    }
    if (!skip("}")) {
      throw unexpected("a repetition as {2,5}");
    }
    return new int[] {least, last};
  }

  private int number(int most) {
    int value = 0;
    int digits = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = 10 * value + (next() - '0');
      digits++;
      if (value > most) {
        throw unexpected("at most " + most + " repetitions");
      }
    }
    if (digits == 0) {
      throw unexpected("a number");
    }
    return value;
  }

  /** The character that an escape stands for, its first character read. */
  int escaped(int c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case 'v' -> 0x0b;
      case '0' -> 0;
      case 'x' -> hex(2);
      case 'u' -> skip("{") ? braced() : hex(4);
      case 'U' -> hex(8);
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw unexpected("a known escape");
        }
        yield c;
      }
    };
  }

  private int braced() {
    int digits = 0;
    while (peek(digits) != '}' && digits < 7) {
      digits++;
    }
    int value = hex(digits);
    if (!skip("}")) {
      throw unexpected("a closing brace");
    }
    return value;
  }

  int hex(int digits) {
    long value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0) {
        throw unexpected("a hexadecimal digit");
      }
      value = 16 * value + digit;
    }
    if (digits == 0 || value > Character.MAX_CODE_POINT) {
      throw unexpected("the number of a character");
    }
    return (int) value;
  }
}
