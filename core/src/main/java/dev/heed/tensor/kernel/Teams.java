package dev.heed.tensor.kernel;

/** The team of threads that all of Heed's own kernels share in this process. */
public final class Teams {
  private static final Workers ALONE = new Workers(1);
  private static volatile Workers team = ALONE;

  private Teams() {}

  /**
   * The team of this many threads, the caller's among them.
   *
   * @param wanted from 1; the latest caller's number holds for all
   */
  public static Workers of(int wanted) {
    if (wanted == 1) {
      return ALONE;
    }
    Workers present = team;
    return present.size() == wanted ? present : replace(wanted);
  }

  private static synchronized Workers replace(int wanted) {
    if (team.size() != wanted) {
      team.stop(); // those who still share work with it finish that by themselves
      team = new Workers(wanted);
    }
    return team;
  }
}
