package dev.heed.attention.kernel;

import dev.heed.tensor.Backend;

/** The team of threads that all attention of this process shares: as many as LibTorch uses. */
final class Teams {
  private static Workers team = new Workers(1);

  private Teams() {}

  static synchronized Workers current() {
    int wanted = Backend.threads();
    if (team.size() != wanted) {
      team.stop();
      team = new Workers(wanted);
    }
    return team;
  }
}
