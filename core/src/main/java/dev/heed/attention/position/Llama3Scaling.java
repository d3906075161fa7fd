package dev.heed.attention.position;

/**
 * Stretches slow frequencies only: those whose wavelength is above {@code L / low} are divided by a
 * factor, those below {@code L / high} stay, and those between pass smoothly from one to the other
 * (Llama 3.1; Grattafiori et al. 2024, section 3.4.2).
 *
 * @param factor from 1
 * @param low pairs with fewer turns within L are divided by the whole factor
 * @param high pairs with more turns within L stay as they are; above {@code low}
 * @param trained the length L trained on, from 1
 */
public record Llama3Scaling(double factor, double low, double high, long trained)
    implements RotaryScaling {
  /** Checks the values. */
  public Llama3Scaling {
    RotaryScaling.requireFactor(factor);
    RotaryScaling.requireLength(trained);
    if (!(low > 0 && high > low)) {
      throw new IllegalArgumentException(
          "rotary scaling llama3: expected 0 < low_freq_factor < high_freq_factor, got "
              + low
              + " and "
              + high);
    }
  }

  @Override
  public double[] frequencies(double base, long rotated, long length) {
    double[] frequencies = RotaryScaling.plain(base, rotated);
    for (int i = 0; i < frequencies.length; i++) {
      double turns = trained * frequencies[i] / (2 * Math.PI);
      double kept = Math.clamp((turns - low) / (high - low), 0, 1);
      frequencies[i] *= kept + (1 - kept) / factor;
    }
    return frequencies;
  }
}
