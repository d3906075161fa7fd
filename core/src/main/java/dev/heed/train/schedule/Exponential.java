package dev.heed.train.schedule;

/**
 * Multiplies the rate by γ at every step.
 *
 * @param gamma γ
 */
public record Exponential(double gamma) implements Schedule {
  @Override
  public double rate(double base, long step) {
    return base * Math.pow(gamma, step);
  }
}
