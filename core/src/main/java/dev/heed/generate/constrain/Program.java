package dev.heed.generate.constrain;

import java.util.Arrays;

/**
 * A grammar as places and steps between them: a step takes a byte of a range, takes nothing, or
 * runs another rule first and goes on where that ends.
 */
final class Program {
  /** What a step takes. */
  enum Kind {
    BYTES,
    NOTHING,
    RULE
  }

  /**
   * One step from a place.
   *
   * @param low the first byte, or the rule's first place
   * @param high the last byte
   * @param to the place after it
   */
  record Step(Kind kind, int low, int high, int to) {}

  static final int NEVER = Integer.MAX_VALUE / 4;

  private final Step[][] steps;
  private final int start;
  private final boolean[] ends;

  /** By place, the fewest bytes to the end of its rule. */
  private final int[] shortest;

  /**
   * A program.
   *
   * @param steps by place
   * @param ends which places end their rule
   * @param start the first place of the root rule
   */
  Program(Step[][] steps, boolean[] ends, int start) {
    this.steps = steps;
    this.ends = ends;
    this.start = start;
    this.shortest = shortest();
  }

  int start() {
    return start;
  }

  Step[] steps(int place) {
    return steps[place];
  }

  boolean ends(int place) {
    return ends[place];
  }

  int shortest(int place) {
    return shortest[place];
  }

  private int[] shortest() {
    int[] best = new int[steps.length];
    Arrays.fill(best, NEVER);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int place = steps.length - 1; place >= 0; place--) {
        int least = ends[place] ? 0 : best[place];
        for (Step step : steps[place]) {
          int own =
              switch (step.kind()) {
                case BYTES -> 1;
                case NOTHING -> 0;
                case RULE -> best[step.low()];
              };
          least = Math.min(least, Math.min(NEVER, own + best[step.to()]));
        }
        changed |= least < best[place];
        best[place] = least;
      }
    }
    return best;
  }
}
