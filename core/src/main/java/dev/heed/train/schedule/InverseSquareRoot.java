package dev.heed.train.schedule;

/**
 * Rises to η along a line and falls as {@code η / √((t + s - warmup) / s)}.
 *
 * @param warmup steps until η is reached; 0 for none
 * @param timescale s, from 1
 */
public record InverseSquareRoot(long warmup, long timescale) implements Schedule {
  /** Checks the ranges. */
  public InverseSquareRoot {
    Schedule.requireSteps("warmup", warmup, 0);
    Schedule.requireSteps("timescale", timescale, 1);
  }

  /** Falls from η at once: the time scale is the warm-up. */
  public InverseSquareRoot(long warmup) {
    this(warmup, warmup);
  }

  @Override
  public double rate(double base, long step) {
    if (step < warmup) {
      return base * step / warmup;
    }
    return base / Math.sqrt((step + timescale - warmup) / (double) timescale);
  }
}
