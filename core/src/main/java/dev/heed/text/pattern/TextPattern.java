package dev.heed.text.pattern;

/**
 * Cuts a text into matches and what lies between them. Safe to share between threads.
 *
 * <p>Matches are found from the beginning, each as soon after the last as possible; a match of
 * nothing right behind another match does not count.
 */
public interface TextPattern {
  /** Takes the segments of a text, in order and without gaps. */
  @FunctionalInterface
  interface Segments {
    /**
     * Takes one segment.
     *
     * @param from first UTF-16 index
     * @param to one past the last
     * @param match whether the pattern matched it
     */
    void segment(int from, int to, boolean match);
  }

  /**
   * Cuts a text.
   *
   * @throws dev.heed.text.TextException if a regular expression takes too long on this text
   */
  void segments(String text, Segments segments);

  /** Whether there is a match; may say yes when there is none. */
  default boolean occursIn(String text) {
    return true;
  }

  /** The pattern whose matches are what lies between this one's. */
  default TextPattern inverted() {
    return (text, segments) ->
        segments(text, (from, to, match) -> segments.segment(from, to, !match));
  }
}
