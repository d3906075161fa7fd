package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;

/**
 * Puts a text before every text that is not empty; it comes from where the first character does.
 *
 * @param prefix not empty
 */
public record Prepend(String prefix) implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    return to(text, prefix);
  }

  /** The text with the prefix before it; an empty text stays empty. */
  public static AlignedText to(AlignedText text, String prefix) {
    if (text.isEmpty() || prefix.isEmpty()) {
      return text;
    }
    Rewrite rewrite = new Rewrite(text);
    int first = rewrite.peek();
    rewrite.replace(prefix.codePointAt(0));
    prefix.codePoints().skip(1).forEach(rewrite::insert);
    rewrite.insert(first);
    rewrite.keepUntil(text.length());
    return rewrite.done();
  }
}
