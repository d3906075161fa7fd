package dev.heed.text;

/** Which text loses tokens when an encoding is too long; added tokens stay. */
public enum Truncation {
  /** The longer of two texts first, until both are equally long; then both. */
  LONGEST_FIRST,
  /** Only the first text. */
  ONLY_FIRST,
  /** Only the second text: the usual choice for a question and its context. */
  ONLY_SECOND
}
