package dev.heed.explorer;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/** Waiting for one's turn, no longer than somebody waits for the answer. */
final class Turn {
  /** How often one who waits looks whether its client is still there. */
  private static final long MILLIS = 100;

  private Turn() {}

  /**
   * Takes a lock.
   *
   * @param meanwhile is asked while it waits; what it throws ends the waiting
   */
  static void take(Lock lock, Runnable meanwhile) {
    try {
      while (!lock.tryLock(MILLIS, TimeUnit.MILLISECONDS)) {
        meanwhile.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
