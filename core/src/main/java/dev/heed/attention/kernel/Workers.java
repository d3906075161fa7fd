package dev.heed.attention.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that shares numbered tasks with the caller, without garbage.
 *
 * <p>Tasks are claimed one by one, so that uneven ones balance. When the team is busy with another
 * caller, or a task itself asks for work, the caller does all by itself.
 */
final class Workers {
  /** One numbered piece of work; {@code scratch} belongs to the calling thread meanwhile. */
  interface Task {
    void run(int task, Scratch scratch);
  }

  /** Spins before a thread sleeps: about as long as waking it would take. */
  private static final int SPINS = 2_000;

  private static final ThreadLocal<Scratch> OWN = ThreadLocal.withInitial(Scratch::new);

  private final ReentrantLock team = new ReentrantLock();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger working = new AtomicInteger();
  private final Thread[] threads;
  private final AtomicInteger round = new AtomicInteger();
  private volatile int tasks;
  private volatile @Nullable Task task;
  private volatile @Nullable Throwable failure;
  private volatile boolean stopped;

  /** A team of this many threads, the caller's among them. */
  Workers(int size) {
    threads = new Thread[Math.max(0, size - 1)];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Thread(this::work, "heed-attention-" + (i + 1));
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** How many threads share the work, the caller's among them. */
  int size() {
    return threads.length + 1;
  }

  /**
   * Runs tasks {@code 0 … count - 1} and returns when all are done.
   *
   * @throws RuntimeException what the first failing task threw
   */
  void run(int count, Task body) {
    if (count <= 1 || threads.length == 0 || team.isHeldByCurrentThread() || !team.tryLock()) {
      alone(count, body);
      return;
    }
    try {
      share(count, body);
    } finally {
      team.unlock();
    }
  }

  /** Runs tasks {@code 0 … count - 1} in order on the caller's thread. */
  static void alone(int count, Task body) {
    Scratch scratch = OWN.get();
    for (int i = 0; i < count; i++) {
      body.run(i, scratch);
    }
  }

  private void share(int count, Task body) {
    failure = null;
    task = body;
    tasks = count;
    next.set(0);
    working.set(threads.length);
    round.incrementAndGet();
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
    drain(body, count, OWN.get());
    awaitOthers();
    task = null;
    Throwable thrown = failure;
    if (thrown instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  private void drain(Task body, int count, Scratch scratch) {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        body.run(i, scratch);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
      next.set(count);
    }
  }

  private void awaitOthers() {
    for (int spin = 0; working.get() > 0; spin++) {
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void work() {
    Scratch scratch = OWN.get();
    int seen = 0;
    while (!stopped) {
      for (int spin = 0; round.get() == seen && !stopped; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (stopped) {
        return;
      }
      seen = round.get();
      Task body = task;
      if (body != null) {
        drain(body, tasks, scratch);
      }
      working.decrementAndGet();
    }
  }

  /** Ends the threads; the team does nothing more but for its caller. */
  void stop() {
    stopped = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
