package dev.heed.train.schedule;

/**
 * Moves between η and a maximum along lines (Smith 2017).
 *
 * @param maximum the highest rate
 * @param up steps from η to the maximum, from 1
 * @param down steps back, from 1
 * @param mode what becomes of the height
 * @param gamma γ of {@link Mode#EXP_RANGE}; otherwise unused
 */
public record Cyclic(double maximum, long up, long down, Mode mode, double gamma)
    implements Schedule {
  /** What becomes of the height with time. */
  public enum Mode {
    /** It stays. */
    TRIANGULAR,
    /** It is halved after each cycle. */
    TRIANGULAR2,
    /** It is multiplied by γ at each step. */
    EXP_RANGE
  }

  /** Checks the ranges. */
  public Cyclic {
    Schedule.requireSteps("step_size_up", up, 1);
    Schedule.requireSteps("step_size_down", down, 1);
  }

  @Override
  public double rate(double base, long step) {
    long cycle = step / (up + down);
    double within = step % (up + down);
    double height = within <= up ? within / up : (up + down - within) / down;
    double scale =
        switch (mode) {
          case TRIANGULAR -> 1;
          case TRIANGULAR2 -> Math.pow(0.5, cycle);
          case EXP_RANGE -> Math.pow(gamma, step);
        };
    return base + (maximum - base) * height * scale;
  }
}
