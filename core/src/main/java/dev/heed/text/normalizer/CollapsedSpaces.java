package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.CodePoints;
import dev.heed.text.align.Rewrite;

/** One space in place of each run of white space, and none at the ends. */
public record CollapsedSpaces() implements Normalizer {
  @Override
  public AlignedText normalize(AlignedText text) {
    String s = text.text();
    int end = s.length();
    while (end > 0 && CodePoints.isPythonSpace(s.charAt(end - 1))) {
      end--;
    }
    Rewrite rewrite = new Rewrite(text);
    boolean written = false;
    boolean pending = false;
    while (rewrite.hasNext()) {
      int c = rewrite.peek();
      if (!CodePoints.isPythonSpace(c)) {
        rewrite.keep();
        written = true;
        pending = false;
      } else if (written && !pending && rewrite.at() < end) {
        rewrite.replace(' ');
        pending = true;
      } else {
        rewrite.skip(1);
      }
    }
    return rewrite.done();
  }
}
