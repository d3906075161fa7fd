package dev.heed.generate.logits;

/**
 * Removes tokens of a probability below {@code epsilon} (Hewitt et al. 2022, "Truncation Sampling
 * as Language Model Desmoothing", section 4.1).
 *
 * @param epsilon between 0 and 1
 * @param least how many of the most likely tokens stay
 */
public record EpsilonCutoff(double epsilon, int least) implements LogitsProcessor {
  /** Checks the options. */
  public EpsilonCutoff {
    Range.require(
        epsilon > 0 && epsilon < 1, "epsilon_cutoff", "a number between 0 and 1", epsilon);
    Range.require(least >= 1, "min_tokens_to_keep", "at least 1", least);
  }

  /** Keeps at least one token. */
  public EpsilonCutoff(double epsilon) {
    this(epsilon, 1);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    Cutoff.remove(scores, Scores.softmax(scores), epsilon, least);
  }
}
