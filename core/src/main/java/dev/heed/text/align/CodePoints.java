package dev.heed.text.align;

/**
 * What tokenizers ask of characters.
 *
 * <p>Properties are those of the Unicode version of the running JDK (16 in JDK 25); the libraries
 * that the checkpoints were made with carry tables of older versions, so characters added to
 * Unicode since then may be classed otherwise there.
 */
public final class CodePoints {
  private CodePoints() {}

  /**
   * White_Space: what Rust and regular expressions call white space, U+0085 and U+00A0 included.
   */
  public static boolean isWhiteSpace(int c) {
    if (c < 0x80) {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }
    return c == 0x85
        || c == 0xa0
        || (c >= 0x1680
            && (c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000));
  }

  /** What Python's {@code str.isspace} finds: {@link #isWhiteSpace} and the four separators. */
  public static boolean isPythonSpace(int c) {
    return (c >= 0x1c && c <= 0x1f) || isWhiteSpace(c);
  }

  /** Punctuation as BERT sees it: categories P*, and every ASCII symbol. */
  public static boolean isPunctuation(int c) {
    if (c < 0x80) {
      return c > ' ' && c < 0x7f && !isAsciiLetterOrDigit(c);
    }
    return isPunctuationCategory(c);
  }

  /** The general categories Pc, Pd, Ps, Pe, Pi, Pf and Po. */
  public static boolean isPunctuationCategory(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isAsciiLetterOrDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** The general categories Cc, Cf, Cs and Co: control, format, surrogate, private use. */
  public static boolean isOther(int c) {
    if (c < 0x7f) {
      return c < ' ';
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
      default -> false;
    };
  }

  /** The general categories L*. */
  public static boolean isLetter(int c) {
    return Character.isLetter(c);
  }

  /** The general categories Nd, Nl and No. */
  public static boolean isNumber(int c) {
    if (c < 0x80) {
      return c >= '0' && c <= '9';
    }
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  /** The general categories Mn, Mc and Me. */
  public static boolean isMark(int c) {
    if (c < 0x300) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /** The general categories Sm, Sc, Sk and So. */
  public static boolean isSymbol(int c) {
    return switch (Character.getType(c)) {
      case Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          true;
      default -> false;
    };
  }

  /** The general category Mn, which BERT calls accents. */
  public static boolean isNonSpacingMark(int c) {
    return c >= 0x300 && Character.getType(c) == Character.NON_SPACING_MARK;
  }

  /** {@code \w} by Unicode TR 18: alphabetic, mark, decimal digit, connector, join control. */
  public static boolean isWord(int c) {
    if (c < 0x80) {
      return isAsciiLetterOrDigit(c) || c == '_';
    }
    return Character.isAlphabetic(c)
        || isMark(c)
        || Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER
        || Character.getType(c) == Character.CONNECTOR_PUNCTUATION
        || c == 0x200c
        || c == 0x200d;
  }

  /** The blocks of Chinese characters that BERT separates by spaces; kana and hangul are not. */
  public static boolean isChinese(int c) {
    return c >= 0x3400
        && ((c >= 0x4e00 && c <= 0x9fff)
            || c <= 0x4dbf
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0x20000 && c <= 0x2a6df)
            || (c >= 0x2a700 && c <= 0x2b73f)
            || (c >= 0x2b740 && c <= 0x2b81f)
            || (c >= 0x2b820 && c <= 0x2ceaf)
            || (c >= 0x2f800 && c <= 0x2fa1f));
  }
}
