package dev.heed.text.pattern;

import java.util.function.IntPredicate;

/**
 * Matches every character of a kind by itself.
 *
 * @param kind asked with code points
 */
public record CharacterPattern(IntPredicate kind) implements TextPattern {
  @Override
  public void segments(String text, Segments segments) {
    int between = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (kind.test(c)) {
        if (i > between) {
          segments.segment(between, i, false);
        }
        segments.segment(i, next, true);
        between = next;
      }
      i = next;
    }
    if (text.length() > between) {
      segments.segment(between, text.length(), false);
    }
  }
}
