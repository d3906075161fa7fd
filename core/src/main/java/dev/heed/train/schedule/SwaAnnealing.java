package dev.heed.train.schedule;

/**
 * Moves from η to the rate at which weights are averaged, and stays there (Izmailov et al. 2018).
 *
 * @param target that rate
 * @param steps until it is reached
 * @param cosine whether along half a period of a cosine instead of a line
 */
public record SwaAnnealing(double target, long steps, boolean cosine) implements Schedule {
  /** Checks the range. */
  public SwaAnnealing {
    Schedule.requireSteps("anneal steps", steps, 0);
  }

  @Override
  public double rate(double base, long step) {
    double share = steps == 0 ? 1 : Math.min(1, (double) step / steps);
    double moved = cosine ? (1 - Math.cos(Math.PI * share)) / 2 : share;
    return base * (1 - moved) + target * moved;
  }
}
