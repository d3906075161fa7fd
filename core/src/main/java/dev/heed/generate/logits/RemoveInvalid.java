package dev.heed.generate.logits;

/**
 * Replaces what a model in trouble computes: not a number by 0, positive infinity by the largest
 * finite score. Removed tokens stay removed.
 *
 * @param largest what stands for positive infinity
 */
public record RemoveInvalid(double largest) implements LogitsProcessor {
  /** For models that compute in 32 bits. */
  public RemoveInvalid() {
    this(Float.MAX_VALUE);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        scores[i] = 0;
      } else if (scores[i] == Double.POSITIVE_INFINITY) {
        scores[i] = largest;
      }
    }
  }
}
