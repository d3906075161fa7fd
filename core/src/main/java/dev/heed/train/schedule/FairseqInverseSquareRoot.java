package dev.heed.train.schedule;

/**
 * Rises from a first rate to η along a line and falls as {@code η √(warmup / t)}, as fairseq's
 * {@code inverse_sqrt}.
 *
 * @param warmup steps until η is reached, from 1
 * @param initial the first rate
 */
public record FairseqInverseSquareRoot(long warmup, double initial) implements Schedule {
  /** Checks the ranges. */
  public FairseqInverseSquareRoot {
    Schedule.requireSteps("warmup", warmup, 1);
  }

  @Override
  public double rate(double base, long step) {
    return step < warmup
        ? initial + step * (base - initial) / warmup
        : base * Math.sqrt(warmup) / Math.sqrt(step);
  }
}
