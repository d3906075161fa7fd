package dev.heed.attention.position;

/**
 * How rotary positions are stretched to sequences longer than those trained on: what becomes of
 * each pair's frequency {@code base^(-2i/rotated)}.
 */
public interface RotaryScaling {
  /** Positions as they are. */
  RotaryScaling NONE = new Linear(1);

  /**
   * The angle by which each pair turns from one position to the next.
   *
   * @param base usually 10000
   * @param rotated how many elements of a head are turned
   * @param length of the sequence
   * @return one for each pair, {@code rotated / 2}
   */
  double[] frequencies(double base, long rotated, long length);

  /** What cosines and sines are multiplied by, so that scores grow by its square. */
  default double magnitude() {
    return 1;
  }

  /**
   * Positions divided by a factor (Chen et al. 2023, position interpolation).
   *
   * @param factor from 1
   */
  record Linear(double factor) implements RotaryScaling {
    /** Checks the factor. */
    public Linear {
      requireFactor(factor);
    }

    @Override
    public double[] frequencies(double base, long rotated, long length) {
      double[] plain = plain(base, rotated);
      for (int i = 0; i < plain.length; i++) {
        plain[i] /= factor;
      }
      return plain;
    }
  }

  /**
   * A larger base once the sequence is longer than was trained on: {@code base · (factor·T/L -
   * (factor - 1))^(d/(d-2))} ("dynamic NTK", as in Hugging Face transformers 4.33).
   *
   * @param factor from 1
   * @param trained the length L trained on, from 1
   */
  record DynamicNtk(double factor, long trained) implements RotaryScaling {
    /** Checks factor and length. */
    public DynamicNtk {
      requireFactor(factor);
      requireLength(trained);
    }

    @Override
    public double[] frequencies(double base, long rotated, long length) {
      double stretched = factor * Math.max(length, trained) / trained - (factor - 1);
      return plain(base * Math.pow(stretched, rotated / (rotated - 2.0)), rotated);
    }
  }

  /** The frequencies of unstretched positions. */
  static double[] plain(double base, long rotated) {
    double[] frequencies = new double[Math.toIntExact(rotated / 2)];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = Math.pow(base, -2.0 * i / rotated);
    }
    return frequencies;
  }

  /** Refuses a factor below 1. */
  static void requireFactor(double factor) {
    if (!(factor >= 1)) {
      throw new IllegalArgumentException(
          "rotary scaling factor: expected 1 or more, got " + factor);
    }
  }

  /** Refuses a length below 1. */
  static void requireLength(long trained) {
    if (trained < 1) {
      throw new IllegalArgumentException("trained length: expected 1 or more, got " + trained);
    }
  }
}
