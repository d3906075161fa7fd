package dev.heed.attention.position;

import java.util.Arrays;
import java.util.List;

/**
 * Divides each pair's frequency by a factor of its own, found by search: one set for sequences up
 * to the length trained on, another for longer ones (Ding et al. 2024, LongRoPE, section 3).
 *
 * @param shortFactors one for each pair
 * @param longFactors one for each pair, beyond the trained length
 * @param trained the length trained on, from 1
 * @param magnitude of cosines and sines, see {@link #magnitude(double, long)}
 */
public record LongRopeScaling(
    List<Double> shortFactors, List<Double> longFactors, long trained, double magnitude)
    implements RotaryScaling {
  /** Checks the values. */
  public LongRopeScaling {
    shortFactors = List.copyOf(shortFactors);
    longFactors = List.copyOf(longFactors);
    RotaryScaling.requireLength(trained);
    if (shortFactors.isEmpty() || shortFactors.size() != longFactors.size()) {
      throw new IllegalArgumentException(
          "rotary scaling longrope: expected as many short as long factors, got "
              + shortFactors.size()
              + " and "
              + longFactors.size());
    }
  }

  /** The paper's magnitude {@code √(1 + ln(factor) / ln(trained))} of a stretch by a factor. */
  public static double magnitude(double factor, long trained) {
    return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(trained));
  }

  @Override
  public double[] frequencies(double base, long rotated, long length) {
    List<Double> factors = length > trained ? longFactors : shortFactors;
    double[] frequencies = RotaryScaling.plain(base, rotated);
    if (factors.size() != frequencies.length) {
      throw new IllegalArgumentException(
          "rotary scaling longrope: expected a factor for each of the "
              + frequencies.length
              + " pairs, got "
              + factors.size());
    }
    Arrays.setAll(frequencies, i -> frequencies[i] / factors.get(i));
    return frequencies;
  }
}
