package dev.heed.train.schedule;

/**
 * Rises to η along a line and falls along a line to 0: {@code η(n - t) / (n - warmup)}.
 *
 * @param warmup steps until η is reached; 0 for none
 * @param total n, the step at which 0 is reached
 */
public record Linear(long warmup, long total) implements Schedule {
  /** Checks the ranges. */
  public Linear {
    Schedule.requireSteps("warmup", warmup, 0);
    Schedule.requireSteps("total", total, 1);
  }

  @Override
  public double rate(double base, long step) {
    if (step < warmup) {
      return base * step / warmup;
    }
    return base * Math.max(0, (double) (total - step) / Math.max(1, total - warmup));
  }
}
