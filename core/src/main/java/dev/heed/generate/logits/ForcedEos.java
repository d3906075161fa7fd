package dev.heed.generate.logits;

import java.util.List;

/**
 * Forces the end where only one more token has room.
 *
 * @param ends they get 0, all others are removed
 */
public record ForcedEos(List<Integer> ends) implements LogitsProcessor {
  /** Copies the tokens. */
  public ForcedEos {
    ends = List.copyOf(ends);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    if (prefix.length() == prefix.limit() - 1) {
      ForcedBos.force(scores, "forced_eos_token_id", ends);
    }
  }
}
