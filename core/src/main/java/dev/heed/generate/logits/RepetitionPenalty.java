package dev.heed.generate.logits;

import java.util.BitSet;

/**
 * Makes tokens that the sequence holds already, in its prompt too, less likely: negative scores are
 * multiplied by the penalty, others divided (Keskar et al. 2019, "CTRL", section 4.1). However
 * often a token occurs, it is penalised once.
 *
 * @param penalty above 0; below 1 it favours repetition
 */
public record RepetitionPenalty(double penalty) implements LogitsProcessor {
  /** Checks the penalty. */
  public RepetitionPenalty {
    Range.require(penalty > 0, "repetition_penalty", "a number above 0", penalty);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    penalise(scores, prefix.tokens().toArray(), penalty);
  }

  static void penalise(double[] scores, int[] tokens, double penalty) {
    BitSet seen = new BitSet(scores.length);
    for (int token : tokens) {
      if (!seen.get(token)) {
        seen.set(token);
        scores[token] = scores[token] < 0 ? scores[token] * penalty : scores[token] / penalty;
      }
    }
  }
}
