package dev.heed.generate.logits;

import java.util.stream.IntStream;

/**
 * Keeps only the tokens that a function allows after a sequence, such as the names in a trie (De
 * Cao et al. 2021, "Autoregressive Entity Retrieval", section 3.2).
 *
 * @param allowed which they are
 */
public record PrefixConstrained(Allowed allowed) implements LogitsProcessor {
  /** Which tokens may follow. */
  @FunctionalInterface
  public interface Allowed {
    /**
     * The tokens that may follow a sequence.
     *
     * @param input which input it answers
     * @param sequence the tokens so far
     * @return at least one token
     */
    int[] after(int input, Tokens sequence);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    int[] kept = allowed.after(prefix.input(), prefix.tokens());
    Range.require(
        kept.length > 0, "prefix constraint", "a token that may follow " + prefix.tokens(), "none");
    Range.requireTokens(
        "prefix constraint", scores.length, () -> IntStream.of(kept).boxed().iterator());
    Scores.keepOnly(scores, IntStream.of(kept).iterator());
  }
}
