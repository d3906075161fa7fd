package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import dev.heed.text.pattern.TextPattern;

/**
 * Puts a text in place of every match of a pattern; it comes from where the match's last character
 * does.
 *
 * @param pattern what to look for
 * @param content what to put there, taken literally
 */
public record Replace(TextPattern pattern, String content) implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    if (!pattern.occursIn(text.text())) {
      return text;
    }
    Rewrite rewrite = new Rewrite(text);
    pattern.segments(
        text.text(),
        (from, to, match) -> {
          if (match) {
            rewriteMatch(rewrite, text.text(), from, to);
          } else {
            rewrite.keepUntil(to);
          }
        });
    return rewrite.done();
  }

  private void rewriteMatch(Rewrite rewrite, String text, int from, int to) {
    boolean oneForOne =
        content.length() == 1 && to - from == 1 && !Character.isSurrogate(text.charAt(from));
    if (oneForOne) { // the same alignment as below, without making arrays for it
      rewrite.replace(content.charAt(0));
    } else {
      rewrite.skipUntil(to);
      content.codePoints().forEach(rewrite::insert);
    }
  }
}
