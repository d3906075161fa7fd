package dev.heed.generate.logits;

/**
 * Divides scores by a temperature: below 1 sharpens, above 1 flattens.
 *
 * @param temperature above 0
 */
public record Temperature(double temperature) implements LogitsProcessor {
  /** Checks the temperature. */
  public Temperature {
    Range.require(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "temperature",
        "a number above 0 (for the most likely token, do not sample)",
        temperature);
  }

  @Override
  public void process(Prefix prefix, double[] scores) {
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= temperature;
    }
  }
}
