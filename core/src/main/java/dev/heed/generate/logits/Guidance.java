package dev.heed.generate.logits;

/**
 * Classifier-free guidance: {@code u + scale · (c - u)} of the scores {@code c} with a condition
 * and {@code u} without it (Sanchez et al. 2023, "Stay on Topic with Classifier-Free Guidance",
 * equation 7).
 *
 * @param scale 1 leaves the conditional scores as they are; above 1 strengthens the condition
 */
public record Guidance(double scale) {
  /** Checks the scale. */
  public Guidance {
    Range.require(scale > 0, "guidance_scale", "a number above 0", scale);
  }

  /**
   * Mixes two rows of scores; a token that either removes is removed.
   *
   * @param conditional scores under the condition
   * @param unconditional scores without it, as many
   */
  public double[] mix(double[] conditional, double[] unconditional) {
    double[] mixed = new double[conditional.length];
    for (int i = 0; i < mixed.length; i++) {
      double with = conditional[i];
      double without = unconditional[i];
      mixed[i] =
          with == Scores.REMOVED || without == Scores.REMOVED
              ? Scores.REMOVED
              : without + scale * (with - without);
    }
    return mixed;
  }
}
