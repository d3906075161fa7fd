package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;

/**
 * Puts U+2581 before a text, in which spaces take the place of it: what transformers does for T5
 * and Llama with {@code legacy} false, once for the whole text.
 */
public record UnderlinePrefix() implements Normalizer {
  private static final char UNDERLINE = SentencePieceNormalizer.SPACE;

  @Override
  public AlignedText normalize(AlignedText text) {
    Rewrite rewrite = new Rewrite(text);
    while (rewrite.hasNext()) {
      rewrite.replace(rewrite.peek() == UNDERLINE ? ' ' : rewrite.peek());
    }
    return Prepend.to(rewrite.done(), String.valueOf(UNDERLINE));
  }
}
