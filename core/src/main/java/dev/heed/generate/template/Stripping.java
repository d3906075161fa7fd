package dev.heed.generate.template;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Takes characters away at the ends of a text. */
final class Stripping {
  private Stripping() {}

  /**
   * Strips.
   *
   * @param characters those to take away, null for white space
   */
  static String strip(String text, @Nullable String characters, boolean left, boolean right) {
    IntPredicate gone = characters == null ? Characters::isSpace : c -> characters.indexOf(c) >= 0;
    int start = 0;
    int end = text.length();
    while (left && start < end && gone.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && gone.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }
}
