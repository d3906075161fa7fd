package dev.heed.train.schedule;

import java.util.List;

/**
 * Multiplies the rate by γ at certain steps.
 *
 * @param milestones those steps
 * @param gamma γ
 */
public record MultiStep(List<Long> milestones, double gamma) implements Schedule {
  /** Copies the list. */
  public MultiStep {
    milestones = List.copyOf(milestones);
  }

  @Override
  public double rate(double base, long step) {
    return base * Math.pow(gamma, milestones.stream().filter(at -> at <= step).count());
  }
}
