package dev.heed.web;

import java.util.concurrent.Semaphore;

/**
 * Room for work and for bodies: what does not fit is refused at once and not queued. Once shut, it
 * lets nothing in, and what is in stays.
 */
final class Gate {
  private static final int KIB = 1024;

  /** Until another server may have taken this one's place. */
  private static final int AFTER_THE_END_SECONDS = 5;

  private final Semaphore work;
  private final Semaphore bodies;
  private volatile boolean shut;

  Gate(WebSettings.Limits limits) {
    this.work = new Semaphore(limits.work());
    this.bodies = new Semaphore(kib(limits.allBodies()));
  }

  /** Bytes in units of 1024, rounded up. */
  static int kib(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, (bytes + KIB - 1) / KIB);
  }

  /** Lets nothing in any more. */
  void shut() {
    shut = true;
  }

  /** Takes a place, to be given back by {@link #leave}. */
  void enter() {
    if (shut) {
      throw ending();
    }
    if (!work.tryAcquire()) {
      throw Problem.later(
          429, 1, "too_many_requests", "expected a free place, got as many requests as fit");
    }
  }

  void leave() {
    work.release();
  }

  /** Why a server that is about to end refuses. */
  static Problem ending() {
    return Problem.later(
        503,
        AFTER_THE_END_SECONDS,
        "server_is_ending",
        "expected a server that stays, got one that is about to end; ask again");
  }

  /** Takes room for a body, to be given back by {@link #drop}. */
  void hold(int kib) {
    if (!bodies.tryAcquire(kib)) {
      throw Problem.later(
          429, 1, "too_many_bodies", "expected room for the body, got as many bytes as fit");
    }
  }

  void drop(int kib) {
    bodies.release(kib);
  }
}
