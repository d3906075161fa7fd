package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import java.util.function.Consumer;

/**
 * Splits into parts of so many characters; the last may be shorter.
 *
 * @param length in code points, at least 1
 */
public record FixedLength(int length) implements PreTokenizer {
  @Override
  public void split(AlignedText text, Consumer<AlignedText> parts) {
    String s = text.text();
    int from = 0;
    int count = 0;
    for (int i = 0; i < s.length(); i += Character.charCount(s.codePointAt(i))) {
      if (count == length) {
        parts.accept(text.slice(from, i));
        from = i;
        count = 0;
      }
      count++;
    }
    parts.accept(text.slice(from, s.length()));
  }
}
