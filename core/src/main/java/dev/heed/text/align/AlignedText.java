package dev.heed.text.align;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text, and for each of its characters the stretch of the original that it came from.
 *
 * <p>Immutable. As long as a text is an unchanged part of the original, its alignment is a single
 * number; arrays are made only when characters are added or removed. All positions are UTF-16
 * indices, and both halves of a surrogate pair come from the whole pair.
 */
public final class AlignedText {
  private final String text;
  private final int origin;
  private final int @Nullable [] starts;
  private final int @Nullable [] ends;
  private final int shift;

  private AlignedText(
      String text, int origin, int @Nullable [] starts, int @Nullable [] ends, int shift) {
    this.text = text;
    this.origin = origin;
    this.starts = starts;
    this.ends = ends;
    this.shift = shift;
  }

  /** The original itself. */
  public static AlignedText of(String original) {
    return new AlignedText(original, 0, null, null, 0);
  }

  /**
   * A text of rewritten characters.
   *
   * @param text as it is now
   * @param origin where its original begins
   * @param starts for every UTF-16 unit where its original begins; kept, not copied
   * @param ends for every UTF-16 unit where its original ends; kept, not copied
   */
  public static AlignedText of(String text, int origin, int[] starts, int[] ends) {
    return new AlignedText(text, origin, starts, ends, 0);
  }

  /** Another text of at most as many characters, each from where this text's are from. */
  AlignedText withText(String other) {
    return new AlignedText(other, origin, starts, ends, shift);
  }

  /** The characters as they are now. */
  public String text() {
    return text;
  }

  /** How many UTF-16 units the text has. */
  public int length() {
    return text.length();
  }

  /** Whether there are no characters. */
  public boolean isEmpty() {
    return text.isEmpty();
  }

  /** Where the original of this text begins, within the whole original. */
  public int origin() {
    return origin;
  }

  /**
   * Where a stretch begins in the original.
   *
   * @param from the stretch's first index in this text; the length stands for the end
   */
  public int start(int from) {
    if (starts == null) {
      return origin + from;
    }
    return from < text.length() ? starts[shift + from] : end(from);
  }

  /**
   * Where a stretch ends in the original.
   *
   * @param to one past the stretch's last index in this text; zero stands for the beginning
   */
  public int end(int to) {
    if (ends == null) {
      return origin + to;
    }
    return to > 0 ? ends[shift + to - 1] : origin;
  }

  /** The first unit's original, given that it stands inside a surrogate pair or not. */
  int unitStart(int index) {
    if (starts != null) {
      return starts[shift + index];
    }
    return origin + index - (isSecondHalf(index) ? 1 : 0);
  }

  /** One past the original of the unit. */
  int unitEnd(int index) {
    if (ends != null) {
      return ends[shift + index];
    }
    boolean firstHalf = index + 1 < text.length() && isSecondHalf(index + 1);
    return origin + index + (firstHalf ? 2 : 1);
  }

  private boolean isSecondHalf(int index) {
    return index > 0
        && Character.isLowSurrogate(text.charAt(index))
        && Character.isHighSurrogate(text.charAt(index - 1));
  }

  /**
   * A part of this text, whose original begins where its first character's does.
   *
   * @param from first index
   * @param to one past the last
   */
  public AlignedText slice(int from, int to) {
    int begin = from < to ? start(from) : end(from);
    if (starts == null) {
      return from == 0 && to == text.length()
          ? this
          : new AlignedText(text.substring(from, to), begin, null, null, 0);
    }
    return new AlignedText(text.substring(from, to), begin, starts, ends, shift + from);
  }

  @Override
  public String toString() {
    return text
        + (starts == null
            ? "@" + origin
            : Arrays.toString(Arrays.copyOfRange(starts, shift, shift + text.length())));
  }
}
