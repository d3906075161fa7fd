package dev.heed.generate.logits;

import java.util.List;

/**
 * Removes the end while the sequence is short.
 *
 * @param length tokens that must be there before the end, the prompt included
 * @param ends tokens that end a sequence
 */
public record MinLength(int length, List<Integer> ends) implements LogitsProcessor {
  /** Checks the length. */
  public MinLength {
    Range.require(length >= 0, "min_length", "at least 0", length);
    ends = List.copyOf(ends);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    if (prefix.length() < length) {
      Suppress.remove(scores, "eos_token_id", ends);
    }
  }
}
