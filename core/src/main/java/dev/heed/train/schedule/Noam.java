package dev.heed.train.schedule;

/**
 * {@code η · d^-½ · min(n^-½, n · warmup^-1.5)}, n being the number of the step (Vaswani et al.
 * 2017, equation 3, where η is 1).
 *
 * @param modelSize d
 * @param warmup steps until the highest rate
 * @param countsFromOne whether {@code n = t + 1}, as in the paper; otherwise {@code n = max(t, 1)},
 *     as in The Annotated Transformer, whose first two steps have one rate
 */
public record Noam(long modelSize, long warmup, boolean countsFromOne) implements Schedule {
  /** Checks the ranges. */
  public Noam {
    Schedule.requireSteps("model size", modelSize, 1);
    Schedule.requireSteps("warmup", warmup, 1);
  }

  /** The paper counts steps from 1. */
  public Noam(long modelSize, long warmup) {
    this(modelSize, warmup, true);
  }

  @Override
  public double rate(double base, long step) {
    double number = countsFromOne ? step + 1 : Math.max(step, 1);
    double falling = Math.min(1 / Math.sqrt(number), number * Math.pow(warmup, -1.5));
    return base / Math.sqrt(modelSize) * falling;
  }
}
