package dev.heed.generate.search;

import dev.heed.generate.logits.Tokens;
import java.util.List;

/** Guesses how a sequence goes on, so that a model need only check. */
public interface Drafter extends AutoCloseable {
  /**
   * A guess.
   *
   * @param tokens at most as many as asked for; none: nothing could be guessed
   * @param probabilities what each token was drawn from, one a token of the vocabulary; empty where
   *     the guess is certain of each token
   */
  record Draft(int[] tokens, List<double[]> probabilities) {
    /** Copies. */
    public Draft {
      tokens = tokens.clone();
      probabilities = List.copyOf(probabilities);
    }
  }

  /**
   * Guesses.
   *
   * @param sequence the tokens so far; it may have left the last guess at any of its tokens
   * @param most how many tokens at most, at least 1
   * @param uniforms where a drafter that draws takes its numbers from
   */
  Draft guess(Tokens sequence, int most, Uniforms uniforms);

  /** Frees what the drafter holds. */
  @Override
  void close();
}
