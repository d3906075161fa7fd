package dev.heed.generate.logits;

/**
 * Removes every token that scores below the {@code k}-th largest; those equal to it stay (Fan et
 * al. 2018, "Hierarchical Neural Story Generation", section 5.3).
 *
 * @param k at least 1
 * @param least how many tokens stay at least; raises {@code k}
 */
public record TopK(int k, int least) implements LogitsProcessor {
  /** Checks the counts. */
  public TopK {
    Range.require(k >= 1, "top_k", "at least 1", k);
    Range.require(least >= 1, "min_tokens_to_keep", "at least 1", least);
  }

  /** Keeps at least one token. */
  public TopK(int k) {
    this(k, 1);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    double threshold = Scores.kthLargest(scores, Math.max(k, least));
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] < threshold) {
        scores[i] = Scores.REMOVED;
      }
    }
  }
}
