package dev.heed.train.data;

/**
 * How large a batch may be.
 *
 * @param tokens the most positions {@code examples · longest example}, padding included, from 1
 * @param examples the most examples, from 1
 * @param window how many examples of the random order are sorted by length at a time, so that those
 *     of a batch are nearly equal; 1 keeps the order as it is
 */
public record TokenBudget(long tokens, int examples, int window) {
  private static final int USUAL_WINDOW = 4096;

  /** Checks the ranges. */
  public TokenBudget {
    if (tokens < 1 || examples < 1 || window < 1) {
      throw new IllegalArgumentException(
          "token budget: expected tokens, examples and a window from 1, got "
              + tokens
              + ", "
              + examples
              + " and "
              + window);
    }
  }

  /** So many tokens, any number of examples, sorted within 4096. */
  public static TokenBudget of(long tokens) {
    return new TokenBudget(tokens, Integer.MAX_VALUE, USUAL_WINDOW);
  }

  /** So many examples of any length, in the order as it is. */
  public static TokenBudget ofExamples(int examples) {
    return new TokenBudget(Long.MAX_VALUE, examples, 1);
  }
}
