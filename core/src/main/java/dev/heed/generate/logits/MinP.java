package dev.heed.generate.logits;

/**
 * Removes tokens less likely than a share of the most likely one (Nguyen et al. 2024, "Turning Up
 * the Heat: Min-p Sampling", section 3).
 *
 * @param share from 0 to 1
 * @param least how many of the most likely tokens stay
 */
public record MinP(double share, int least) implements LogitsProcessor {
  /** Checks the options. */
  public MinP {
    Range.require(share >= 0 && share <= 1, "min_p", "a number from 0 to 1", share);
    Range.require(least >= 1, "min_tokens_to_keep", "at least 1", least);
  }

  /** Keeps at least one token. */
  public MinP(double share) {
    this(share, 1);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    double[] probabilities = Scores.softmax(scores);
    double largest = probabilities[Scores.best(probabilities)];
    Cutoff.remove(scores, probabilities, share * largest, least);
  }
}
