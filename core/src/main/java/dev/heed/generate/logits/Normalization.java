package dev.heed.generate.logits;

/** Turns scores into log-probabilities, after what processors did to them. */
public record Normalization() implements LogitsProcessor {
  @Override
  public void process(Prefix prefix, double[] scores) {
    Scores.logSoftmax(scores);
  }
}
