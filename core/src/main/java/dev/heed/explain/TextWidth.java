package dev.heed.explain;

import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.List;

/** How many columns of a terminal text takes: two for ideographs and emoji, none for accents. */
public final class TextWidth {
  private TextWidth() {}

  /** The columns that visible text takes. */
  public static int of(String text) {
    return text.codePoints().map(TextWidth::of).sum();
  }

  private static int of(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  private static boolean isWide(int c) {
    if (c < 0x1100) {
      return false;
    }
    return switch (UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL, YI, BOPOMOFO -> c < 0xFF61 || c > 0xFFDC;
      default ->
          Character.isEmojiPresentation(c)
              || (c >= 0x3000 && c <= 0x303E)
              || (c >= 0xFF01 && c <= 0xFF60)
              || (c >= 0xFFE0 && c <= 0xFFE6);
    };
  }

  /** The text with spaces before it, up to a width. */
  static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - of(text))) + text;
  }

  /** The text with spaces after it, up to a width. */
  static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - of(text)));
  }

  /** The text itself, or its beginning with an ellipsis if it takes more columns. */
  public static String cut(String text, int width) {
    if (of(text) <= width) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int taken = 1;
    for (int c : text.codePoints().toArray()) {
      taken += of(c);
      if (taken > width) {
        break;
      }
      kept.appendCodePoint(c);
    }
    return kept.append('…').toString();
  }

  /** Words as lines of at most so many columns; one that is longer has a line of its own. */
  public static List<String> wrap(List<String> words, int width) {
    return wrap(words, words, width);
  }

  /**
   * Words as lines, each word drawn otherwise than it is measured.
   *
   * @param plain what is measured
   * @param drawn what stands in the lines, with colours for example
   */
  static List<String> wrap(List<String> plain, List<String> drawn, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    int taken = 0;
    for (int i = 0; i < plain.size(); i++) {
      int more = of(plain.get(i));
      if (taken > 0 && taken + 1 + more > width) {
        lines.add(line.toString());
        line.setLength(0);
        taken = 0;
      }
      line.append(taken == 0 ? "" : " ").append(drawn.get(i));
      taken += more + (taken == 0 ? 0 : 1);
    }
    lines.add(line.toString());
    return lines;
  }
}
