package dev.heed.generate.logits;

import java.util.List;

/**
 * Removes tokens that shall never be chosen.
 *
 * @param tokens their numbers
 */
public record Suppress(List<Integer> tokens) implements LogitsProcessor {
  /** Copies the tokens. */
  public Suppress {
    tokens = List.copyOf(tokens);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    remove(scores, "suppress_tokens", tokens);
  }

  static void remove(double[] scores, String option, List<Integer> tokens) {
    Range.requireTokens(option, scores.length, tokens);
    for (int token : tokens) {
      scores[token] = Scores.REMOVED;
    }
  }
}
