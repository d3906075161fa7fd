package dev.heed.train.schedule;

/**
 * Falls along a cosine to a minimum and jumps back to η, each time more slowly (Loshchilov and
 * Hutter 2017, equation 5).
 *
 * @param first steps until the first restart, from 1
 * @param multiplier how many times longer each fall is than the one before, from 1
 * @param minimum the lowest rate
 */
public record CosineWarmRestarts(long first, long multiplier, double minimum) implements Schedule {
  /** Checks the ranges. */
  public CosineWarmRestarts {
    Schedule.requireSteps("T_0", first, 1);
    Schedule.requireSteps("T_mult", multiplier, 1);
  }

  @Override
  public double rate(double base, long step) {
    long period = first;
    long within = step;
    if (multiplier == 1) {
      within = step % first;
    }
    while (within >= period) {
      within -= period;
      period *= multiplier;
    }
    return minimum + (base - minimum) * (1 + Math.cos(Math.PI * within / period)) / 2;
  }
}
