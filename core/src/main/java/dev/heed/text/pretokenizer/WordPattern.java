package dev.heed.text.pretokenizer;

import dev.heed.text.align.CodePoints;
import dev.heed.text.pattern.TextPattern;

/** Matches what lies between words of {@code \w+|[^\w\s]+}: runs of white space. */
record WordPattern() implements TextPattern {
  @Override
  public void segments(String text, Segments segments) {
    int from = 0;
    int kind = -1;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int here = CodePoints.isWord(c) ? 0 : CodePoints.isWhiteSpace(c) ? 1 : 2;
      if (here != kind && i > from) {
        segments.segment(from, i, kind == 1);
        from = i;
      }
      kind = here;
      i += Character.charCount(c);
    }
    if (text.length() > from) {
      segments.segment(from, text.length(), kind == 1);
    }
  }
}
