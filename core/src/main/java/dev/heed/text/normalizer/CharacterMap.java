package dev.heed.text.normalizer;

import dev.heed.text.align.AlignedText;
import dev.heed.text.align.Rewrite;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code Precompiled}: SentencePiece's character map, as the tokenizers library applies it.
 *
 * <p>It asks for whole graphemes of fewer than six bytes first, and takes the shortest rule that
 * begins one for all of it; then for single characters.
 *
 * @param map the rules
 */
public record CharacterMap(CharsMap map) implements Normalizer {
  private static final Pattern GRAPHEME = Pattern.compile("\\X");
  private static final int LONGEST_GRAPHEME = 5;

  @Override
  public AlignedText normalize(AlignedText text) {
    String s = text.text();
    Rewrite rewrite = new Rewrite(text);
    Matcher graphemes = GRAPHEME.matcher(s);
    Pending pending = new Pending(rewrite);
    for (int at = 0; at < s.length(); ) {
      int end = graphemeEnd(s, at, graphemes);
      if (utf8Length(s, at, end) <= LONGEST_GRAPHEME) {
        CharsMap.Match match = map.match(s, at, end, false);
        if (match != null) {
          pending.replace(s.codePointCount(at, end), match.replacement());
          at = end;
          continue;
        }
      }
      for (; at < end; at += Character.charCount(s.codePointAt(at))) {
        int c = s.codePointAt(at);
        CharsMap.Match match = map.match(s, at, at + Character.charCount(c), false);
        if (match == null) {
          pending.add(c, 0);
        } else {
          pending.replace(1, match.replacement());
        }
      }
    }
    pending.flush();
    return rewrite.done();
  }

  private static int graphemeEnd(String text, int at, Matcher graphemes) {
    int c = text.codePointAt(at);
    int next = at + Character.charCount(c);
    if (next == text.length()) {
      return next;
    }
    char second = text.charAt(next);
    boolean simple = c < 0x300 && second < 0x300 && !(c == '\r' && second == '\n');
    return simple || !graphemes.region(at, text.length()).lookingAt() ? next : graphemes.end();
  }

  private static int utf8Length(String text, int from, int to) {
    int bytes = 0;
    for (int i = from; i < to && bytes <= LONGEST_GRAPHEME; ) {
      int c = text.codePointAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      i += Character.charCount(c);
    }
    return bytes;
  }

  /** Holds one step back, because what is left out after it is counted with it. */
  private static final class Pending {
    private final Rewrite rewrite;
    private @Nullable Integer codePoint;
    private int change;

    Pending(Rewrite rewrite) {
      this.rewrite = rewrite;
    }

    void add(int c, int next) {
      flush();
      codePoint = c;
      change = next;
    }

    void replace(int characters, String replacement) {
      int count = replacement.codePointCount(0, replacement.length());
      int kept = Math.min(count, characters);
      int[] points = replacement.codePoints().toArray();
      for (int i = 0; i < count; i++) {
        add(points[i], i < kept ? 0 : 1);
      }
      if (count < characters) {
        change -= characters - count;
      }
    }

    void flush() {
      if (codePoint != null) {
        rewrite.apply(codePoint, change);
      }
      codePoint = null;
      change = 0;
    }
  }
}
