package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import java.util.Locale;

/**
 * Lower case as Python's {@code str.lower} and Java's own: unlike {@link Lowercase}, a sigma at the
 * end of a word becomes ς.
 */
public record WordLowercase() implements Normalizer {
  private static final int CAPITAL_I_WITH_DOT = 0x130;

  @Override
  public AlignedText normalize(AlignedText text) {
    String lower = text.text().toLowerCase(Locale.ROOT);
    if (lower.equals(text.text())) {
      return text;
    }
    Rewrite rewrite = new Rewrite(text);
    for (int at = 0; rewrite.hasNext(); ) {
      // İ alone becomes two characters.
      boolean two = rewrite.peek() == CAPITAL_I_WITH_DOT;
      rewrite.replace(lower.codePointAt(at));
      at = lower.offsetByCodePoints(at, 1);
      if (two) {
        rewrite.insert(lower.codePointAt(at));
        at = lower.offsetByCodePoints(at, 1);
      }
    }
    return rewrite.done();
  }
}
