package dev.heed.web;

import java.util.concurrent.Semaphore;

/** Room for work and for bodies: what does not fit is refused at once and not queued. */
final class Gate {
  private static final int KIB = 1024;

  private final Semaphore work;
  private final Semaphore bodies;

  Gate(WebSettings.Limits limits) {
    this.work = new Semaphore(limits.work());
    this.bodies = new Semaphore(kib(limits.allBodies()));
  }

  /** Bytes in units of 1024, rounded up. */
  static int kib(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, (bytes + KIB - 1) / KIB);
  }

  /** Takes a place, to be given back by {@link #leave}. */
  void enter() {
    if (!work.tryAcquire()) {
      throw Problem.later(
          429, 1, "too_many_requests", "expected a free place, got as many requests as fit");
    }
  }

  void leave() {
    work.release();
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
