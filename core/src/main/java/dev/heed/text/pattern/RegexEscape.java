package dev.heed.text.pattern;

import java.util.regex.PatternSyntaxException;

/** One escape of another dialect, written in Java's. */
final class RegexEscape {
  private static final String WORD = "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}";
  // Outside of brackets Oniguruma counts the superscripts and fractions of Latin-1 too.
  private static final String LATIN = "\\xB2\\xB3\\xB9\\xBC-\\xBE";
  private static final String JOINERS = "\\u200C\\u200D";

  private final RegexDialect dialect;
  private final String regex;
  private final int at;

  /**
   * Looks at an escape.
   *
   * @param at the index of its backslash
   */
  RegexEscape(RegexDialect dialect, String regex, int at) {
    this.dialect = dialect;
    this.regex = regex;
    this.at = at;
  }

  /**
   * Writes it.
   *
   * @param inClass whether it stands within brackets
   * @return the index behind it
   */
  int append(StringBuilder out, boolean inClass) {
    if (at + 1 >= regex.length()) {
      throw error("a backslash at the end");
    }
    int c = regex.codePointAt(at + 1);
    int next = at + 1 + Character.charCount(c);
    switch (c) {
      case 'p', 'P' -> {
        return property(out, c == 'P');
      }
      case 'x' -> {
        return hexadecimal(out);
      }
      case 'w' -> out.append(inClass ? word(true) : "[" + word(false) + "]");
      case 'W' -> out.append("[^" + word(inClass) + "]");
      case 'h', 'H' -> {
        if (dialect != RegexDialect.ONIGURUMA) {
          throw error("an escape \\h");
        }
        out.append(c == 'h' ? "[0-9a-fA-F]" : "[^0-9a-fA-F]");
      }
      case 'v' -> out.append("\\x0B");
      case 's', 'S', 'd', 'D', 't', 'n', 'r', 'f', 'a', 'e', 'u' ->
          out.append('\\').append((char) c);
      case 'b', 'B' -> out.append(boundary(c == 'b', inClass));
      case 'A', 'z', 'Z', 'G', 'R', 'X', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        if (inClass) {
          throw error("an escape \\" + (char) c + " within brackets");
        }
        out.append('\\').append((char) c);
      }
      default -> {
        if (c < 0x80 && Character.isLetterOrDigit(c)) {
          throw error("an escape \\" + (char) c);
        }
        out.append('\\').appendCodePoint(c);
      }
    }
    return next;
  }

  private String word(boolean inClass) {
    if (dialect != RegexDialect.ONIGURUMA) {
      return WORD + JOINERS;
    }
    return inClass ? WORD : WORD + LATIN;
  }

  private String boundary(boolean wanted, boolean inClass) {
    if (inClass) {
      throw error("an escape \\b within brackets");
    }
    String word = "[" + word(false) + "]";
    String behind = "(?<=" + word + ")" + (wanted ? "(?!" : "(?=") + word + ")";
    String ahead = "(?<!" + word + ")" + (wanted ? "(?=" : "(?!") + word + ")";
    return "(?:" + behind + "|" + ahead + ")";
  }

  private int property(StringBuilder out, boolean negated) {
    String name;
    int next;
    if (regex.startsWith("{", at + 2)) {
      int end = regex.indexOf('}', at);
      if (end < 0) {
        throw error("an open property");
      }
      name = regex.substring(at + 3, end);
      next = end + 1;
    } else {
      if (at + 3 > regex.length()) {
        throw error("a property without a name");
      }
      name = regex.substring(at + 2, at + 3);
      next = at + 3;
    }
    boolean not = negated != name.startsWith("^");
    String plain = name.startsWith("^") ? name.substring(1) : name;
    out.append(RegexProperty.java(plain, not).orElseThrow(() -> error("a property " + plain)));
    return next;
  }

  private int hexadecimal(StringBuilder out) {
    int end = at + 2;
    String digits;
    if (regex.startsWith("{", end)) {
      int close = regex.indexOf('}', end);
      digits = close < 0 ? "" : regex.substring(end + 1, close);
      end = close + 1;
    } else {
      while (end < Math.min(regex.length(), at + 4)
          && Character.digit(regex.charAt(end), 16) >= 0) {
        end++;
      }
      digits = regex.substring(at + 2, end);
    }
    boolean valid = digits.matches("[0-9a-fA-F]{1,6}");
    int value = valid ? Integer.parseInt(digits, 16) : -1;
    if (!Character.isValidCodePoint(value)) {
      throw error("a character \\x" + digits);
    }
    out.append("\\x{").append(digits).append('}');
    return end;
  }

  private PatternSyntaxException error(String what) {
    return new PatternSyntaxException(what, regex, at);
  }
}
