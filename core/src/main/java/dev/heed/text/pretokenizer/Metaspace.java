package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.normalizer.Prepend;
import dev.heed.text.normalizer.Replace;
import dev.heed.text.pattern.LiteralPattern;
import java.util.function.Consumer;

/**
 * Writes spaces as a visible character, as SentencePiece does, and splits before each.
 *
 * @param replacement usually U+2581
 * @param prefix when a text that does not begin with one gets one
 * @param split whether to split
 */
public record Metaspace(String replacement, Prefix prefix, boolean split) implements PreTokenizer {
  /** When a space is put before a text. */
  public enum Prefix {
    /** Never. */
    NEVER,
    /** Where the original begins, but not behind an added token. */
    FIRST,
    /** Before every text. */
    ALWAYS
  }

  @Override
  public void split(AlignedText text, Consumer<AlignedText> parts) {
    AlignedText written = new Replace(new LiteralPattern(" "), replacement).normalize(text);
    boolean wanted =
        switch (prefix) {
          case NEVER -> false;
          case FIRST -> written.origin() == 0;
          case ALWAYS -> true;
        };
    if (wanted && !written.text().startsWith(replacement)) {
      written = Prepend.to(written, replacement);
    }
    if (split) {
      new Split(new LiteralPattern(replacement), SplitBehavior.MERGED_WITH_NEXT)
          .split(written, parts);
    } else {
      parts.accept(written);
    }
  }
}
