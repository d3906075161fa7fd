package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import java.util.function.IntPredicate;

/** A text without the characters that are not kept. */
final class Kept {
  private Kept() {}

  static AlignedText of(AlignedText text, IntPredicate kept) {
    if (text.text().codePoints().allMatch(kept)) {
      return text;
    }
    Rewrite rewrite = new Rewrite(text);
    while (rewrite.hasNext()) {
      if (kept.test(rewrite.peek())) {
        rewrite.keep();
      } else {
        rewrite.skip(1);
      }
    }
    return rewrite.done();
  }
}
