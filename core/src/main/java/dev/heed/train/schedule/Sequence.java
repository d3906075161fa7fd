package dev.heed.train.schedule;

import java.util.OptionalDouble;

/**
 * One schedule after the other.
 *
 * @param first for the first steps
 * @param steps how many
 * @param next from there on, counting from 0 again
 */
public record Sequence(Schedule first, long steps, Schedule next) implements Schedule {
  /** Checks the range. */
  public Sequence {
    Schedule.requireSteps("steps of the first schedule", steps, 0);
  }

  @Override
  public double rate(double base, long step) {
    return step < steps ? first.rate(base, step) : next.rate(base, step - steps);
  }

  @Override
  public OptionalDouble momentum(long step) {
    return step < steps ? first.momentum(step) : next.momentum(step - steps);
  }
}
