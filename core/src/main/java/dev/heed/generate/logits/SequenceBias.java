package dev.heed.generate.logits;

import java.util.List;

/**
 * Adds a bias to the last token of given sequences wherever their other tokens stand just before
 * it; several that fit add up.
 *
 * <p>A sequence of two tokens or more that is longer than what there is so far is left aside, one
 * of exactly its length plus one too: so the reference library has it.
 *
 * @param entries the sequences and their biases
 */
public record SequenceBias(List<Entry> entries) implements LogitsProcessor {
  /**
   * One sequence.
   *
   * @param tokens at least one
   * @param bias added to the last token's score; negative infinity removes it
   */
  public record Entry(List<Integer> tokens, double bias) {
    /** Checks and copies the tokens. */
    public Entry {
      tokens = List.copyOf(tokens);
      Range.require(!tokens.isEmpty(), "sequence_bias", "sequences of a token or more", tokens);
      Range.require(!Double.isNaN(bias), "sequence_bias", "a number", bias);
    }

    private boolean fits(Tokens sequence) {
      int size = tokens.size();
      return size == 1
          || size <= sequence.size()
              && sequence.endsWith(
                  tokens.subList(0, size - 1).stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /** Copies the entries. */
  public SequenceBias {
    entries = List.copyOf(entries);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    for (Entry entry : entries) {
      Range.requireTokens("sequence_bias", scores.length, entry.tokens());
      if (entry.fits(prefix.tokens())) {
        scores[entry.tokens().getLast()] += entry.bias();
      }
    }
  }
}
