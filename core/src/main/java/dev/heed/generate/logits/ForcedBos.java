package dev.heed.generate.logits;

import java.util.List;

/**
 * Forces the token after a sequence's single first one, such as the language to translate into.
 *
 * @param token it gets 0, all others are removed
 */
public record ForcedBos(int token) implements LogitsProcessor {
  @Override
  public void process(Prefix prefix, double[] scores) {
    if (prefix.length() == 1) {
      force(scores, "forced_bos_token_id", List.of(token));
    }
  }

  /** Gives some tokens 0 and removes all others. */
  static void force(double[] scores, String option, List<Integer> tokens) {
    Range.requireTokens(option, scores.length, tokens);
    Scores.removeAll(scores);
    for (int token : tokens) {
      scores[token] = 0;
    }
  }
}
