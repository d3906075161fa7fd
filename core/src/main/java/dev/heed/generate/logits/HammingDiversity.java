package dev.heed.generate.logits;

/**
 * Makes groups of beams differ: a token loses {@code penalty} for each time an earlier group chose
 * it for the same input in this step (Vijayakumar et al. 2018, "Diverse Beam Search", section 3,
 * with Hamming dissimilarity).
 *
 * @param penalty above 0
 */
public record HammingDiversity(double penalty) implements LogitsProcessor {
  /** Checks the penalty. */
  public HammingDiversity {
    Range.require(penalty > 0, "diversity_penalty", "a number above 0", penalty);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    for (int token : prefix.rivals()) {
      scores[token] -= penalty;
    }
  }
}
