package dev.heed.text.pretokenizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.CodePoints;
import dev.heed.text.pattern.CharacterPattern;
import dev.heed.text.pattern.TextPattern;
import java.util.function.Consumer;

/**
 * Splits at the matches of a pattern.
 *
 * @param pattern where to split
 * @param behavior what becomes of the matches
 */
public record Split(TextPattern pattern, SplitBehavior behavior) implements PreTokenizer {
  /** {@code WhitespaceSplit}: at white space. */
  public static Split whitespace() {
    return new Split(new CharacterPattern(CodePoints::isWhiteSpace), SplitBehavior.REMOVED);
  }

  /** {@code Whitespace}: words of word characters, and words of other characters. */
  public static Split words() {
    return new Split(new WordPattern(), SplitBehavior.REMOVED);
  }

  /** {@code Punctuation}: at ASCII symbols and categories P*. */
  public static Split punctuation(SplitBehavior behavior) {
    return new Split(new CharacterPattern(CodePoints::isPunctuation), behavior);
  }

  /** {@code Digits}: between numbers and other characters, or around each digit. */
  public static Split digits(boolean individual) {
    return new Split(
        new CharacterPattern(CodePoints::isNumber),
        individual ? SplitBehavior.ISOLATED : SplitBehavior.CONTIGUOUS);
  }

  @Override
  public void split(AlignedText text, Consumer<AlignedText> parts) {
    Parts merged = new Parts(text, parts);
    pattern.segments(text.text(), merged::segment);
    merged.end();
  }

  /** Joins segments to parts: a part is handed on when the next segment does not belong to it. */
  private final class Parts {
    private final AlignedText text;
    private final Consumer<AlignedText> parts;
    private int from;
    private int to;
    private boolean afterMatch;

    Parts(AlignedText text, Consumer<AlignedText> parts) {
      this.text = text;
      this.parts = parts;
    }

    void segment(int start, int end, boolean match) {
      boolean joins =
          switch (behavior) {
            case REMOVED, ISOLATED -> false;
            case CONTIGUOUS -> match == afterMatch;
            case MERGED_WITH_PREVIOUS -> match && !afterMatch;
            case MERGED_WITH_NEXT -> afterMatch && !match;
          };
      if (!joins) {
        end();
        from = start;
      }
      to = behavior == SplitBehavior.REMOVED && match ? from : end;
      afterMatch = match;
    }

    void end() {
      if (to > from) {
        parts.accept(text.slice(from, to));
      }
    }
  }
}
