package dev.heed.train.schedule;

/**
 * Rises to η along a line and falls along a cosine to 0 several times, jumping back to η; 0 from n
 * on.
 *
 * @param warmup steps until η is first reached; 0 for none
 * @param total n
 * @param cycles how many times it falls
 */
public record CosineWithHardRestarts(long warmup, long total, double cycles) implements Schedule {
  /** Checks the ranges. */
  public CosineWithHardRestarts {
    Schedule.requireSteps("warmup", warmup, 0);
    Schedule.requireSteps("total", total, 1);
  }

  @Override
  public double rate(double base, long step) {
    if (step < warmup) {
      return base * step / warmup;
    }
    double progress = (double) (step - warmup) / Math.max(1, total - warmup);
    return progress >= 1 ? 0 : base * 0.5 * (1 + Math.cos(Math.PI * (cycles * progress % 1)));
  }
}
