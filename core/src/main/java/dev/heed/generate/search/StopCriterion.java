package dev.heed.generate.search;

import dev.heed.generate.logits.Tokens;

/** When a sequence ends besides its end tokens and its limit. */
@FunctionalInterface
public interface StopCriterion {
  /**
   * Whether a sequence ends with the token just chosen.
   *
   * @param sequence the tokens so far, that one included
   * @param prompt how many of them were given
   */
  boolean ends(Tokens sequence, int prompt);
}
