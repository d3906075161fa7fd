package dev.heed.generate.constrain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Some of Unicode's characters; surrogates are none.
 *
 * @param ranges in order, apart from each other
 */
public record CharacterSet(List<Range> ranges) {
  private static final int LAST = Character.MAX_CODE_POINT;
  private static final int FIRST_SURROGATE = 0xD800;
  private static final int LAST_SURROGATE = 0xDFFF;

  /** Every character. */
  public static final CharacterSet ALL = of(0, LAST);

  /** ASCII's digits. */
  public static final CharacterSet DIGITS = of('0', '9');

  /**
   * Characters in a row.
   *
   * @param first the first of them
   * @param last the last, included
   */
  public record Range(int first, int last) {}

  /** Puts ranges in order and surrogates aside. */
  public CharacterSet {
    List<Range> apart = new ArrayList<>();
    for (Range range : ranges) {
      add(apart, range.first(), Math.min(range.last(), FIRST_SURROGATE - 1));
      add(apart, Math.max(range.first(), LAST_SURROGATE + 1), Math.min(range.last(), LAST));
    }
    apart.sort(Comparator.comparingInt(Range::first));
    List<Range> merged = new ArrayList<>();
    for (Range range : apart) {
      Range before = merged.isEmpty() ? null : merged.getLast();
      if (before != null && range.first() <= before.last() + 1) {
        merged.removeLast();
        merged.add(new Range(before.first(), Math.max(before.last(), range.last())));
      } else {
        merged.add(range);
      }
    }
    ranges = List.copyOf(merged);
  }

  private static void add(List<Range> ranges, int first, int last) {
    if (first <= last) {
      ranges.add(new Range(first, last));
    }
  }

  /** Characters in a row, both ends included. */
  public static CharacterSet of(int first, int last) {
    return new CharacterSet(List.of(new Range(first, last)));
  }

  /** The characters of a text. */
  public static CharacterSet of(String characters) {
    return new CharacterSet(characters.codePoints().mapToObj(c -> new Range(c, c)).toList());
  }

  /** These and others. */
  public CharacterSet or(CharacterSet other) {
    List<Range> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    return new CharacterSet(all);
  }

  /** All others. */
  public CharacterSet not() {
    List<Range> others = new ArrayList<>();
    int next = 0;
    for (Range range : ranges) {
      add(others, next, range.first() - 1);
      next = range.last() + 1;
    }
    add(others, next, LAST);
    return new CharacterSet(others);
  }

  /** These without others. */
  public CharacterSet without(CharacterSet other) {
    return not().or(other).not();
  }

  /** Those that are in both. */
  public CharacterSet and(CharacterSet other) {
    return not().or(other.not()).not();
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return ranges.isEmpty();
  }
}
