package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;

/**
 * Every character in lower case by itself, whatever stands beside it: a final sigma becomes σ, and
 * İ becomes i and a dot above.
 */
public record Lowercase() implements Normalizer {
  private static final int CAPITAL_I_WITH_DOT = 0x130;

  @Override
  public AlignedText normalize(AlignedText text) {
    if (isLower(text.text())) {
      return text;
    }
    Rewrite rewrite = new Rewrite(text);
    rewrite(rewrite, text.length());
    return rewrite.done();
  }

  /** Lower-cases what comes next, up to an index of the source. */
  public static void rewrite(Rewrite rewrite, int until) {
    while (rewrite.at() < until) {
      int c = rewrite.peek();
      if (c == CAPITAL_I_WITH_DOT) {
        rewrite.replace('i');
        rewrite.insert(0x307);
      } else {
        rewrite.replace(Character.toLowerCase(c));
      }
    }
  }

  private static boolean isLower(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80 ? c >= 'A' && c <= 'Z' : true) {
        return false;
      }
    }
    return true;
  }
}
