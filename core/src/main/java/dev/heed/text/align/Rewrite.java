package dev.heed.text.align;

import java.util.Arrays;

/**
 * Rewrites a text from its beginning to its end, one character after another.
 *
 * <p>A replaced character comes from where the one it replaces came from; an inserted one from
 * where the one before it came from, or from the beginning of the original if there is none.
 * (Tokenizers, {@code NormalizedString::transform}.)
 */
public final class Rewrite {
  private final AlignedText source;
  private final StringBuilder out;
  private int[] starts = {};
  private int[] ends = {};
  private int at;
  // As long as every unit of the result stands at the index of the unit it replaces, the source's
  // alignment is the result's.
  private boolean inPlace = true;

  /** Begins at the first character of a text. */
  public Rewrite(AlignedText source) {
    this.source = source;
    this.out = new StringBuilder(source.length() + 16);
  }

  /** The index of the next character of the source. */
  public int at() {
    return at;
  }

  /** Whether the source has a next character. */
  public boolean hasNext() {
    return at < source.length();
  }

  /** The next character of the source. */
  public int peek() {
    return source.text().codePointAt(at);
  }

  /** Copies the next character. */
  public void keep() {
    replace(peek());
  }

  /** Copies everything up to an index of the source. */
  public void keepUntil(int index) {
    if (inPlace) {
      out.append(source.text(), at, index);
      at = index;
    }
    while (at < index) {
      keep();
    }
  }

  /** Puts a character in place of the next one; after the last one it is inserted. */
  public void replace(int codePoint) {
    if (!hasNext()) {
      insert(codePoint);
      return;
    }
    int old = peek();
    int size = Character.charCount(codePoint);
    if (Character.charCount(old) != size) {
      leavePlace();
    }
    if (!inPlace) {
      align(size, source.unitStart(at), source.unitEnd(at));
    }
    out.appendCodePoint(codePoint);
    at += Character.charCount(old);
  }

  /** Adds a character before the next one. */
  public void insert(int codePoint) {
    leavePlace();
    int start = at == 0 ? source.origin() : source.unitStart(at - 1);
    int end = at == 0 ? source.origin() : source.unitEnd(at - 1);
    align(Character.charCount(codePoint), start, end);
    out.appendCodePoint(codePoint);
  }

  /** Leaves out the next characters. */
  public void skip(int codePoints) {
    for (int i = 0; i < codePoints && hasNext(); i++) {
      skip();
    }
  }

  /** Leaves out everything up to an index of the source. */
  public void skipUntil(int index) {
    while (at < index) {
      skip();
    }
  }

  private void skip() {
    leavePlace();
    at += Character.charCount(peek());
  }

  /**
   * One step in the notation of normalisers that count.
   *
   * @param codePoint the character to write
   * @param change 1 to insert it, 0 to put it in place of the next one, -n to put it in place of
   *     the next one and leave out the n after that
   */
  public void apply(int codePoint, int change) {
    if (change > 0) {
      insert(codePoint);
    } else {
      replace(codePoint);
      skip(-change);
    }
  }

  /** The rewritten text; what was not read of the source is left out. */
  public AlignedText done() {
    if (!inPlace) {
      return AlignedText.of(out.toString(), source.origin(), starts, ends);
    }
    boolean unchanged = at == source.length() && source.text().contentEquals(out);
    return unchanged ? source : source.withText(out.toString());
  }

  private void leavePlace() {
    if (!inPlace) {
      return;
    }
    inPlace = false;
    starts = new int[source.length() + 16];
    ends = new int[starts.length];
    for (int i = 0; i < out.length(); i++) {
      starts[i] = source.unitStart(i);
      ends[i] = source.unitEnd(i);
    }
  }

  private void align(int units, int start, int end) {
    int length = out.length();
    if (length + units > starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
      ends = Arrays.copyOf(ends, ends.length * 2);
    }
    for (int i = 0; i < units; i++) {
      starts[length + i] = start;
      ends[length + i] = end;
    }
  }
}
