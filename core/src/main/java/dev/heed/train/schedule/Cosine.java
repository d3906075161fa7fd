package dev.heed.train.schedule;

/**
 * Rises to η along a line and falls along a cosine: {@code η/2 · (1 + cos(2π · cycles · (t -
 * warmup) / (n - warmup)))}; past n the cosine goes on.
 *
 * @param warmup steps until η is reached; 0 for none
 * @param total n
 * @param cycles periods until n; a half ends at 0
 */
public record Cosine(long warmup, long total, double cycles) implements Schedule {
  /** Checks the ranges. */
  public Cosine {
    Schedule.requireSteps("warmup", warmup, 0);
    Schedule.requireSteps("total", total, 1);
  }

  /** Half a period: from η to 0. */
  public Cosine(long warmup, long total) {
    this(warmup, total, 0.5);
  }

  @Override
  public double rate(double base, long step) {
    if (step < warmup) {
      return base * step / warmup;
    }
    double progress = (double) (step - warmup) / Math.max(1, total - warmup);
    return base * Math.max(0, 0.5 * (1 + Math.cos(2 * Math.PI * cycles * progress)));
  }
}
