package dev.heed.generate.logits;

import java.util.List;

/**
 * A sequence in the making, as a {@link LogitsProcessor} sees it.
 *
 * @param tokens the tokens so far, the prompt (or the decoder's start token) included
 * @param prompt how many of them were given, at least 0
 * @param limit the length at which the sequence must end, the prompt included
 * @param input which row of the batch of inputs it answers, from 0; beams share their input
 * @param rivals tokens that earlier groups of beams chose for the same input in this very step
 */
public record Prefix(Tokens tokens, int prompt, int limit, int input, List<Integer> rivals) {
  /** Copies the rivals. */
  public Prefix {
    rivals = List.copyOf(rivals);
  }

  /** A sequence without rivals. */
  public Prefix(Tokens tokens, int prompt, int limit, int input) {
    this(tokens, prompt, limit, input, List.of());
  }

  /** How many tokens there are, the prompt included. */
  public int length() {
    return tokens.size();
  }

  /** How many tokens were generated. */
  public int generated() {
    return tokens.size() - prompt;
  }
}
