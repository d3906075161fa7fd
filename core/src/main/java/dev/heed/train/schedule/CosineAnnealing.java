package dev.heed.train.schedule;

/**
 * Falls along a cosine to a minimum, and rises again as slowly.
 *
 * @param period the step of the first minimum, from 1
 * @param minimum the lowest rate
 */
public record CosineAnnealing(long period, double minimum) implements Schedule {
  /** Checks the range. */
  public CosineAnnealing {
    Schedule.requireSteps("T_max", period, 1);
  }

  @Override
  public double rate(double base, long step) {
    return minimum + (base - minimum) * (1 + Math.cos(Math.PI * step / period)) / 2;
  }
}
