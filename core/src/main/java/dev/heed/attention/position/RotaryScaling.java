package dev.heed.attention.position;

/** How rotary positions are stretched to sequences longer than those trained on. */
public sealed interface RotaryScaling {
  /** Positions as they are. */
  RotaryScaling NONE = new Linear(1);

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
      if (trained < 1) {
        throw new IllegalArgumentException("trained length: expected 1 or more, got " + trained);
      }
    }
  }

  private static void requireFactor(double factor) {
    if (!(factor >= 1)) {
      throw new IllegalArgumentException(
          "rotary scaling factor: expected 1 or more, got " + factor);
    }
  }

  /** The base for a sequence of this length and so many rotated elements. */
  default double base(double base, long rotated, long length) {
    if (this instanceof DynamicNtk(double factor, long trained) && length > trained) {
      double stretched = factor * length / trained - (factor - 1);
      return base * Math.pow(stretched, rotated / (rotated - 2.0));
    }
    return base;
  }

  /** What positions are divided by. */
  default double divisor() {
    return this instanceof Linear(double factor) ? factor : 1;
  }
}
