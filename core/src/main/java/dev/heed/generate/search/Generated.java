package dev.heed.generate.search;

import dev.heed.generate.logits.Tokens;
import java.util.List;

/**
 * One result.
 *
 * @param tokens the sequence: its prompt (or start token), what was generated, its end token if any
 * @param prompt how many tokens were given
 * @param score of a beam search: the sum of log-probabilities over a power of the length; else the
 *     sum
 * @param steps what was chosen, one for each generated token
 * @param finish why it ended
 */
public record Generated(Tokens tokens, int prompt, double score, List<Step> steps, Finish finish) {
  /**
   * The choice of a token.
   *
   * @param token its number
   * @param logProbability of the token, after the rules and cuts that held
   * @param beam the beam whose scores it was chosen from, counted over the whole batch
   */
  public record Step(int token, double logProbability, int beam) {}

  /** Copies the list. */
  public Generated {
    steps = List.copyOf(steps);
  }

  /** The generated tokens alone, an end token included. */
  public int[] continuation() {
    return tokens.from(prompt);
  }
}
