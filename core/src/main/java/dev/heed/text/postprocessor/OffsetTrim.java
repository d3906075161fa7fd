package dev.heed.text.postprocessor;

import dev.heed.text.align.ByteAlphabet;
import dev.heed.text.align.CodePoints;

/**
 * Takes white space out of the offsets of a byte-level vocabulary's tokens.
 *
 * @param prefixed whether a space may have been put before the text: one space at its beginning is
 *     then not the text's
 */
public record OffsetTrim(boolean prefixed) {
  private static final char SPACE = ByteAlphabet.character(' ');

  /** Where a token's characters begin and end. */
  public record Range(int start, int end) {}

  /**
   * Trims one token's offsets.
   *
   * @param spelling as the vocabulary spells it
   * @param index its index among the text's tokens
   * @param range where it stands in the text
   * @param text the whole text
   */
  public Range trim(String spelling, int index, Range range, String text) {
    int leading = 0;
    while (leading < spelling.length() && isSpace(spelling.charAt(leading))) {
      leading++;
    }
    int trailing = 0;
    while (trailing < spelling.length()
        && isSpace(spelling.charAt(spelling.length() - 1 - trailing))) {
      trailing++;
    }
    boolean added = leading == 1 && prefixed && (index == 0 || range.start == 0);
    int start = range.start;
    for (int i = added ? 0 : leading; i > 0 && start < range.end; i--) {
      start += Character.charCount(text.codePointAt(start));
    }
    int end = range.end;
    if (trailing > 0 && (end > 2 * trailing || text.codePointCount(0, end) >= trailing)) {
      for (int i = trailing; i > 0 && end > start; i--) {
        end -= Character.charCount(text.codePointBefore(end));
      }
    }
    return new Range(start, end);
  }

  private static boolean isSpace(char c) {
    return c == SPACE || CodePoints.isWhiteSpace(c);
  }
}
