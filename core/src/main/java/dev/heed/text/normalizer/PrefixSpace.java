package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.CodePoints;

/**
 * Puts a space before the whole text ({@code add_prefix_space} of transformers' Python classes).
 *
 * @param always whether a text that is empty or begins with white space gets one, too: GPT-2's does
 */
public record PrefixSpace(boolean always) implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    if (text.isEmpty()) {
      int[] nowhere = {text.origin()};
      return always ? AlignedText.of(" ", text.origin(), nowhere, nowhere) : text;
    }
    boolean spaced = CodePoints.isPythonSpace(text.text().codePointAt(0));
    return always || !spaced ? Prepend.to(text, " ") : text;
  }
}
