package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.ByteAlphabet;
import dev.heed.text.normalizer.Prepend;
import dev.heed.text.pattern.WordSplit;
import java.util.function.Consumer;

/**
 * Splits as GPT-2 does, and writes every byte as one visible character.
 *
 * @param addPrefixSpace whether a text that does not begin with a space gets one
 * @param split whether to split at all, or only to write bytes
 */
public record ByteLevel(boolean addPrefixSpace, boolean split) implements PreTokenizer {
  @Override
  public void split(AlignedText text, Consumer<AlignedText> parts) {
    AlignedText spaced =
        addPrefixSpace && !text.text().startsWith(" ") ? Prepend.to(text, " ") : text;
    if (split) {
      WordSplit.GPT2.segments(
          spaced.text(),
          (from, to, match) -> parts.accept(ByteAlphabet.write(spaced.slice(from, to))));
    } else {
      parts.accept(ByteAlphabet.write(spaced));
    }
  }
}
