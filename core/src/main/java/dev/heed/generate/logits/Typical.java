package dev.heed.generate.logits;

/**
 * Keeps the tokens whose surprise {@code -log p} is closest to the entropy of the row, until their
 * probabilities reach {@code mass} (Meister et al. 2022, "Locally Typical Sampling", section 4).
 *
 * @param mass between 0 and 1
 * @param least how many of the most typical tokens stay
 */
public record Typical(double mass, int least) implements LogitsProcessor {
  /** Checks the options. */
  public Typical {
    Range.require(mass > 0 && mass < 1, "typical_p", "a number between 0 and 1", mass);
    Range.require(least >= 1, "min_tokens_to_keep", "at least 1", least);
  }

  /** Keeps at least one token. */
  public Typical(double mass) {
    this(mass, 1);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    double entropy = Scores.entropy(scores);
    double sum = Scores.logSumExp(scores, 0, scores.length);
    double[] distances = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      distances[i] = Math.abs(sum - scores[i] - entropy);
    }
    double[] probabilities = Scores.softmax(scores);
    int[] order = Scores.sorted(distances);
    int cut = 0;
    double reached = probabilities[order[0]];
    while (reached < mass && cut < order.length - 1) {
      reached += probabilities[order[++cut]];
    }
    double farthest = distances[order[cut]];
    for (int i = least; i < order.length; i++) {
      if (distances[order[i]] > farthest) {
        scores[order[i]] = Scores.REMOVED;
      }
    }
  }
}
