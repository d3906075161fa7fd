package dev.heed.generate.logits;

/** Refuses options that are outside of what a rule is defined for. */
final class Range {
  private Range() {}

  /** Refuses a number unless it holds what is expected of it. */
  static void require(boolean holds, String option, String expected, Object got) {
    if (!holds) {
      throw new IllegalArgumentException(option + ": expected " + expected + ", got " + got);
    }
  }

  /** Refuses token numbers that a vocabulary of this size does not have. */
  static void requireTokens(String option, int vocabulary, Iterable<Integer> tokens) {
    for (int token : tokens) {
      require(
          token >= 0 && token < vocabulary,
          option,
          "tokens below the vocabulary's size, " + vocabulary,
          token);
    }
  }
}
