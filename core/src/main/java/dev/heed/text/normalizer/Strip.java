package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.CodePoints;
import dev.heed.text.align.Rewrite;

/**
 * Leaves out white space at the ends.
 *
 * @param left whether at the beginning
 * @param right whether at the end
 */
public record Strip(boolean left, boolean right) implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    String s = text.text();
    int from = 0;
    int to = s.length();
    while (left && from < to && CodePoints.isWhiteSpace(s.charAt(from))) {
      from++;
    }
    while (right && to > from && CodePoints.isWhiteSpace(s.charAt(to - 1))) {
      to--;
    }
    if (from == 0 && to == s.length()) {
      return text;
    }
    Rewrite rewrite = new Rewrite(text);
    rewrite.skipUntil(from);
    rewrite.keepUntil(to);
    return rewrite.done();
  }
}
