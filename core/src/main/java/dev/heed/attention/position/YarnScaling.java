package dev.heed.attention.position;

/**
 * Stretches each pair by how often it turns within the length trained on: from {@code fast} turns
 * on it stays, up to {@code slow} turns it is divided by the factor, between them by a ramp over
 * the pairs; and lets scores grow (Peng et al. 2023, YaRN, section 3).
 *
 * @param factor from 1
 * @param trained the length trained on, from 1
 * @param fast usually 32
 * @param slow usually 1
 * @param truncate whether the ramp begins and ends at whole pairs
 * @param magnitude of cosines and sines, see {@link #magnitude(double, double)}
 */
public record YarnScaling(
    double factor, long trained, double fast, double slow, boolean truncate, double magnitude)
    implements RotaryScaling {
  /** Checks the values. */
  public YarnScaling {
    RotaryScaling.requireFactor(factor);
    RotaryScaling.requireLength(trained);
    if (!(slow > 0 && fast >= slow)) {
      throw new IllegalArgumentException(
          "rotary scaling yarn: expected 0 < beta_slow <= beta_fast, got " + slow + " and " + fast);
    }
    if (!(magnitude > 0)) {
      throw new IllegalArgumentException(
          "rotary scaling yarn: expected an attention_factor above 0, got " + magnitude);
    }
  }

  /** The paper's magnitude {@code 0.1 · weight · ln(factor) + 1}, its weight being 1. */
  public static double magnitude(double factor, double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
  }

  @Override
  public double[] frequencies(double base, long rotated, long length) {
    double from = pairOf(fast, base, rotated);
    double to = pairOf(slow, base, rotated);
    double first = Math.max(0, truncate ? Math.floor(from) : from);
    double last = Math.min(rotated - 1.0, truncate ? Math.ceil(to) : to);
    // A ramp of no length would divide by zero.
    double width = first == last ? 0.001 : last - first;
    double[] frequencies = RotaryScaling.plain(base, rotated);
    for (int i = 0; i < frequencies.length; i++) {
      double stretched = Math.clamp((i - first) / width, 0, 1);
      frequencies[i] *= 1 - stretched + stretched / factor;
    }
    return frequencies;
  }

  /** The pair, as a fraction, that turns so often within the trained length. */
  private double pairOf(double turns, double base, long rotated) {
    return rotated * Math.log(trained / (turns * 2 * Math.PI)) / (2 * Math.log(base));
  }
}
