package dev.heed.train.schedule;

import java.util.OptionalDouble;

/**
 * Rises to η and falls far below where it began, while the momentum does the opposite (Smith and
 * Topin 2018, as PyTorch arranges it).
 *
 * @param total steps in all; there are none after them
 * @param rise the share of steps until η, in (0, 1)
 * @param shape the curve
 * @param threePhases whether the rate falls to where it began in as many steps as it rose, and
 *     further in the rest; otherwise it falls in one go
 * @param startDivisor η over the first rate
 * @param endDivisor the first rate over the last
 * @param lowMomentum the momentum at η
 * @param highMomentum the momentum at both ends
 */
public record OneCycle(
    long total,
    double rise,
    Shape shape,
    boolean threePhases,
    double startDivisor,
    double endDivisor,
    double lowMomentum,
    double highMomentum)
    implements Schedule {
  /** Along which curve the rate moves. */
  public enum Shape {
    /** Half a period of a cosine. */
    COSINE,
    /** A line. */
    LINEAR
  }

  /** Checks the ranges. */
  public OneCycle {
    Schedule.requireSteps("total_steps", total, 1);
    if (!(rise > 0 && rise < 1)) {
      throw new IllegalArgumentException("pct_start: expected a share in (0, 1), got " + rise);
    }
  }

  /** Rises for 0.3 of the steps, from a 25th of η, and falls along cosines. */
  public OneCycle(long total) {
    this(total, 0.3, Shape.COSINE, false, 25, 1e4, 0.85, 0.95);
  }

  @Override
  public double rate(double base, long step) {
    double start = base / startDivisor;
    return at(step, start, base, start / endDivisor, start);
  }

  @Override
  public OptionalDouble momentum(long step) {
    return OptionalDouble.of(at(step, highMomentum, lowMomentum, highMomentum, highMomentum));
  }

  /** From start to peak, then (through start again, in three phases) to the end. */
  private double at(long step, double start, double peak, double end, double middle) {
    if (step >= total) {
      throw new IllegalArgumentException(
          "one cycle: expected a step below total_steps " + total + ", got " + step);
    }
    double top = rise * total - 1;
    double again = 2 * rise * total - 2;
    double last = total - 1;
    if (step <= top) {
      return between(start, peak, step / top);
    }
    if (!threePhases) {
      return between(peak, end, (step - top) / (last - top));
    }
    return step <= again
        ? between(peak, middle, (step - top) / (again - top))
        : between(middle, end, (step - again) / (last - again));
  }

  private double between(double from, double to, double share) {
    return shape == Shape.COSINE
        ? to + (from - to) / 2 * (1 + Math.cos(Math.PI * share))
        : from + (to - from) * share;
  }
}
