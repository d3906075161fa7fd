package dev.heed.text;

/** Which text loses tokens when an encoding is too long; added tokens stay. */
public enum Truncation {
  /**
   * The longer of two texts first, until both are equally long; then both, and the one that was
   * longer, or the second, keeps the odd token. What the tokenizers library does.
   */
  LONGEST_FIRST,
  /**
   * Token by token the longer of two texts, the second if both are equally long. What transformers'
   * Python tokenizers do: it differs in which text keeps the odd token.
   */
  TOKEN_BY_TOKEN,
  /** Only the first text. */
  ONLY_FIRST,
  /** Only the second text: the usual choice for a question and its context. */
  ONLY_SECOND
}
