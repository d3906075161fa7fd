package dev.heed.generate.logits;

import java.util.List;

/**
 * Removes the end while few tokens were generated.
 *
 * @param count tokens that must be generated before the end
 * @param ends tokens that end a sequence
 */
public record MinNewTokens(int count, List<Integer> ends) implements LogitsProcessor {
  /** Checks the count. */
  public MinNewTokens {
    Range.require(count >= 0, "min_new_tokens", "at least 0", count);
    ends = List.copyOf(ends);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    if (prefix.generated() < count) {
      Suppress.remove(scores, "eos_token_id", ends);
    }
  }
}
