package dev.heed.train.schedule;

import java.util.OptionalDouble;

/** The learning rate of each step. */
@FunctionalInterface
public interface Schedule {
  /** The group's own rate at every step. */
  Schedule CONSTANT = new Constant(0);

  /**
   * The rate of a step.
   *
   * @param base η, the group's own rate
   * @param step t, from 0
   */
  double rate(double base, long step);

  /** The momentum of a step, where the schedule moves that too. */
  default OptionalDouble momentum(long step) {
    return OptionalDouble.empty();
  }

  /**
   * This schedule for some steps, and another one after them, which then starts from its own step
   * 0.
   */
  default Schedule then(long steps, Schedule next) {
    return new Sequence(this, steps, next);
  }

  /** Checks that a count of steps is not negative. */
  static void requireSteps(String name, long steps, long least) {
    if (steps < least) {
      throw new IllegalArgumentException(name + ": expected at least " + least + ", got " + steps);
    }
  }
}
