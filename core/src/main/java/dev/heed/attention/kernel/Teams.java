package dev.heed.attention.kernel;

import dev.heed.tensor.Backend;

/** The team of threads that all attention of this process shares: as many as LibTorch uses. */
final class Teams {
  private static final Workers ALONE = new Workers(1);
  private static volatile Workers team = ALONE;

  private Teams() {}

  static Workers current() {
    int wanted = Backend.threads();
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
