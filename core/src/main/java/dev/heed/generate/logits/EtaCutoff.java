package dev.heed.generate.logits;

/**
 * Removes tokens of a probability below {@code min(ε, √ε · exp(-H))}, with the entropy H of the row
 * in nats (Hewitt et al. 2022, "Truncation Sampling as Language Model Desmoothing", section 4.2).
 *
 * @param epsilon between 0 and 1
 * @param least how many of the most likely tokens stay
 */
public record EtaCutoff(double epsilon, int least) implements LogitsProcessor {
  /** Checks the options. */
  public EtaCutoff {
    Range.require(epsilon > 0 && epsilon < 1, "eta_cutoff", "a number between 0 and 1", epsilon);
    Range.require(least >= 1, "min_tokens_to_keep", "at least 1", least);
  }

  /** Keeps at least one token. */
  public EtaCutoff(double epsilon) {
    this(epsilon, 1);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    double eta = Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-Scores.entropy(scores)));
    Cutoff.remove(scores, Scores.softmax(scores), eta, least);
  }
}
