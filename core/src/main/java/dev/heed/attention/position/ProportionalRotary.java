package dev.heed.attention.position;

/**
 * Turns the first pairs only, at the frequencies that they have where all turn, and leaves the rest
 * standing (Gemma 4's global layers).
 *
 * @param share of the pairs that turn, in {@code [0, 1]}
 * @param factor that positions are divided by, from 1
 */
public record ProportionalRotary(double share, double factor) implements RotaryScaling {
  /** Checks the values. */
  public ProportionalRotary {
    RotaryScaling.requireFactor(factor);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "rotary positions: expected a share of the pairs in [0, 1], got " + share);
    }
  }

  @Override
  public double[] frequencies(double base, long rotated, long length) {
    double[] frequencies = RotaryScaling.plain(base, rotated);
    long turning = (long) (share * rotated / 2);
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = i < turning ? frequencies[i] / factor : 0;
    }
    return frequencies;
  }
}
