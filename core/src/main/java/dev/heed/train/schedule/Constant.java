package dev.heed.train.schedule;

/**
 * Rises to η along a line, {@code ηt / warmup}, and stays there.
 *
 * @param warmup steps until η is reached; 0 for none
 */
public record Constant(long warmup) implements Schedule {
  /** Checks the range. */
  public Constant {
    Schedule.requireSteps("warmup", warmup, 0);
  }

  @Override
  public double rate(double base, long step) {
    return step < warmup ? base * step / warmup : base;
  }
}
