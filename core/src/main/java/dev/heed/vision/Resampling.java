package dev.heed.vision;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;

/**
 * How pixels are weighed when an image changes its size, in the order of Pillow's numbers.
 *
 * <p>Source: Pillow, {@code Resample.c}: the filters and their supports.
 */
public enum Resampling {
  /** The pixel that the middle of the new one falls in. */
  NEAREST(0) {
    @Override
    double weight(double x) {
      return 1;
    }
  },
  /** A sinc windowed by a wider sinc, three lobes. */
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  },
  /** A triangle. */
  BILINEAR(1) {
    @Override
    double weight(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  /** Keys' cubic with a = -0.5. */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double a = -0.5;
      double y = Math.abs(x);
      if (y < 1) {
        return ((a + 2) * y - (a + 3)) * y * y + 1;
      }
      return y < 2 ? (((y - 5) * y + 8) * y - 4) * a : 0;
    }
  },
  /** A rectangle: the mean of the pixels covered. */
  BOX(0.5) {
    @Override
    double weight(double x) {
      return -0.5 < x && x <= 0.5 ? 1 : 0;
    }
  },
  /** A sinc windowed by Hamming's cosine. */
  HAMMING(1) {
    @Override
    double weight(double x) {
      double y = Math.abs(x);
      if (y == 0) {
        return 1;
      }
      return y < 1 ? sinc(y) * (0.54 + 0.46 * Math.cos(y * Math.PI)) : 0;
    }
  };

  private final double support;

  Resampling(double support) {
    this.support = support;
  }

  /** How far from the middle the filter reaches, in pixels. */
  double support() {
    return support;
  }

  /** The filter at a distance from the middle, in pixels. */
  abstract double weight(double x);

  /**
   * Finds a filter by Pillow's number.
   *
   * @throws CheckpointException {@code VALUE} for any but 0 to 5
   */
  static Resampling of(String where, int number) {
    if (number < 0 || number >= values().length) {
      throw new CheckpointException(
          Kind.VALUE,
          where,
          "resample from 0 to 5 (nearest, lanczos, bilinear, bicubic, box, hamming)",
          number + "",
          "Correct this value in the file.");
    }
    return values()[number];
  }

  private static double sinc(double x) {
    if (x == 0) {
      return 1;
    }
    double y = x * Math.PI;
    return Math.sin(y) / y;
  }
}
