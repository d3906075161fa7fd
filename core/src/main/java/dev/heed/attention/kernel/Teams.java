package dev.heed.attention.kernel;

import dev.heed.tensor.Backend;

/** The team of threads that all attention of this process shares: as many as LibTorch uses. */
final class Teams {
  private static final Workers ALONE = new Workers(1);
  private static Workers team = ALONE;

  private Teams() {}

  static synchronized Workers current() {
    int wanted = Backend.threads();
    if (wanted == 1) {
      return ALONE;
    }
    if (team.size() != wanted) {
      team.stop();
      team = new Workers(wanted);
    }
    return team;
  }
}
