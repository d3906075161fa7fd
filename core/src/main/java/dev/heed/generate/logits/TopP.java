package dev.heed.generate.logits;

/**
 * Keeps the smallest set of most likely tokens whose probability reaches {@code p} (nucleus
 * sampling; Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration", section 3.1).
 *
 * @param p above 0, at most 1
 * @param least how many of the most likely tokens stay whatever their probability
 */
public record TopP(double p, int least) implements LogitsProcessor {
  /** Checks the options. */
  public TopP {
    Range.require(p > 0 && p <= 1, "top_p", "a number above 0 and at most 1", p);
    Range.require(least >= 1, "min_tokens_to_keep", "at least 1", least);
  }

  /** Keeps at least one token. */
  public TopP(double p) {
    this(p, 1);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    double[] probabilities = Scores.softmax(scores);
    int[] ascending = Scores.sorted(scores);
    double below = 0;
    for (int i = 0; i < ascending.length - least; i++) {
      below += probabilities[ascending[i]];
      if (below <= 1 - p) {
        scores[ascending[i]] = Scores.REMOVED;
      }
    }
  }
}
