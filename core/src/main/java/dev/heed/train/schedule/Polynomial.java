package dev.heed.train.schedule;

/**
 * Rises to η along a line and falls by a power: {@code (η - end)(1 - (t - warmup) / (n - warmup))^k
 * + end}.
 *
 * @param warmup steps until η is reached; 0 for none
 * @param total n, from where on the rate is {@code end}
 * @param end the last rate
 * @param power k
 */
public record Polynomial(long warmup, long total, double end, double power) implements Schedule {
  /** Checks the ranges. */
  public Polynomial {
    Schedule.requireSteps("warmup", warmup, 0);
    Schedule.requireSteps("total", total, 1);
  }

  @Override
  public double rate(double base, long step) {
    if (step < warmup) {
      return base * step / warmup;
    }
    if (step > total) {
      return end;
    }
    double left = 1 - (double) (step - warmup) / Math.max(1, total - warmup);
    return (base - end) * Math.pow(left, power) + end;
  }
}
