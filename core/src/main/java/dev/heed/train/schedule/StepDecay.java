package dev.heed.train.schedule;

/**
 * Multiplies the rate by γ every so many steps.
 *
 * @param every how many, from 1
 * @param gamma γ
 */
public record StepDecay(long every, double gamma) implements Schedule {
  /** Checks the range. */
  public StepDecay {
    Schedule.requireSteps("step_size", every, 1);
  }

  @Override
  public double rate(double base, long step) {
    return base * Math.pow(gamma, step / every);
  }
}
