package dev.heed.train.schedule;

/**
 * Rises along a line, {@code η(t + 1) / (warmup + 1)}, and falls along a cosine to a minimum, where
 * it stays, as in nanoGPT.
 *
 * @param warmup steps until η is reached; 0 for none
 * @param total the step at which the minimum is reached
 * @param minimum the last rate
 */
public record CosineToMinimum(long warmup, long total, double minimum) implements Schedule {
  /** Checks the ranges. */
  public CosineToMinimum {
    Schedule.requireSteps("warmup", warmup, 0);
    Schedule.requireSteps("total", total, 1);
  }

  @Override
  public double rate(double base, long step) {
    if (step < warmup) {
      return base * (step + 1) / (warmup + 1);
    }
    if (step > total) {
      return minimum;
    }
    double progress = (double) (step - warmup) / Math.max(1, total - warmup);
    return minimum + 0.5 * (1 + Math.cos(Math.PI * progress)) * (base - minimum);
  }
}
