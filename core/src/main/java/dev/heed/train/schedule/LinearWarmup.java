package dev.heed.train.schedule;

/**
 * Rises from a part of η to η along a line: {@code η(f + (1 - f)t / steps)}.
 *
 * @param startFactor f
 * @param steps until η is reached, from 1
 */
public record LinearWarmup(double startFactor, long steps) implements Schedule {
  /** Checks the range. */
  public LinearWarmup {
    Schedule.requireSteps("warmup", steps, 1);
  }

  @Override
  public double rate(double base, long step) {
    return base * (startFactor + (1 - startFactor) * Math.min(step, steps) / steps);
  }
}
